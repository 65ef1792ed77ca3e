import type { Locale } from '@preau/contract';
import type { SupportScope } from '@preau/contract/tenant/support';
import { type Letter, say } from './letter.ts';

const ignore = {
  fr: 'Vous n’avez rien demandé ? Ignorez ce message, rien ne changera.',
  en: 'You did not ask for this? Ignore this message, nothing will change.',
};

interface Link {
  url: string;
  /** Of the platform. */
  platform: string;
}

export function signInLink(locale: Locale, { url, platform, minutes }: Link & { minutes: number }): Letter {
  return say(locale, {
    fr: {
      kind: 'sign-in-link',
      subject: `Votre lien de connexion à ${platform}`,
      paragraphs: ['Ce lien vous connecte sans mot de passe.'],
      action: { label: 'Se connecter', url },
      small: [`Il fonctionne une fois, pendant ${minutes} minutes.`, ignore.fr],
    },
    en: {
      kind: 'sign-in-link',
      subject: `Your sign-in link for ${platform}`,
      paragraphs: ['This link signs you in without a password.'],
      action: { label: 'Sign in', url },
      small: [`It works once, for ${minutes} minutes.`, ignore.en],
    },
  });
}

export function userPasswordReset(
  locale: Locale,
  { url, platform, minutes }: Link & { minutes: number },
): Letter {
  return say(locale, {
    fr: {
      kind: 'reset-password',
      subject: `Votre mot de passe pour ${platform}`,
      paragraphs: [
        'Vous avez demandé un nouveau mot de passe. Le bouton ci-dessous vous permet de le choisir.',
      ],
      action: { label: 'Choisir un mot de passe', url },
      small: [`Ce lien fonctionne une fois, pendant ${minutes} minutes.`, ignore.fr],
    },
    en: {
      kind: 'reset-password',
      subject: `Your password for ${platform}`,
      paragraphs: ['You asked for a new password. The button below lets you choose it.'],
      action: { label: 'Choose a password', url },
      small: [`This link works once, for ${minutes} minutes.`, ignore.en],
    },
  });
}

export function confirmRegistration(
  locale: Locale,
  { url, platform, hours }: Link & { hours: number },
): Letter {
  return say(locale, {
    fr: {
      kind: 'confirm-registration',
      subject: `Confirmez votre inscription à ${platform}`,
      paragraphs: [
        `Votre inscription à ${platform} est presque terminée. Il reste à confirmer votre adresse.`,
      ],
      action: { label: 'Confirmer mon inscription', url },
      small: [`Ce lien fonctionne une fois, pendant ${hours} heures.`, ignore.fr],
    },
    en: {
      kind: 'confirm-registration',
      subject: `Confirm your registration at ${platform}`,
      paragraphs: [
        `Your registration at ${platform} is almost done. What remains is to confirm your address.`,
      ],
      action: { label: 'Confirm my registration', url },
      small: [`This link works once, for ${hours} hours.`, ignore.en],
    },
  });
}

/** To somebody who registers with an address that is known already: only they learn of it. */
export function alreadyRegistered(locale: Locale, { url, platform }: Link): Letter {
  return say(locale, {
    fr: {
      kind: 'already-registered',
      subject: `Vous êtes déjà inscrit à ${platform}`,
      paragraphs: ['Cette adresse a déjà un accès. Connectez-vous, ou demandez un nouveau mot de passe.'],
      action: { label: 'Se connecter', url },
      small: [ignore.fr],
    },
    en: {
      kind: 'already-registered',
      subject: `You are already registered at ${platform}`,
      paragraphs: ['This address already has access. Sign in, or ask for a new password.'],
      action: { label: 'Sign in', url },
      small: [ignore.en],
    },
  });
}

export function userInvitation(
  locale: Locale,
  { url, platform, inviter, course, days }: Link & { inviter: string; course: string | null; days: number },
): Letter {
  return say(locale, {
    fr: {
      kind: 'user-invitation',
      subject: course ? `${inviter} vous inscrit à « ${course} »` : `${inviter} vous invite sur ${platform}`,
      paragraphs: [
        course
          ? `${inviter} vous invite à suivre « ${course} » sur ${platform}. Créez votre accès pour commencer.`
          : `${inviter} vous invite à rejoindre ${platform}. Créez votre accès pour commencer.`,
      ],
      action: { label: 'Créer mon accès', url },
      small: [`Cette invitation est valable ${days} jours.`],
    },
    en: {
      kind: 'user-invitation',
      subject: course ? `${inviter} enrols you in “${course}”` : `${inviter} invites you to ${platform}`,
      paragraphs: [
        course
          ? `${inviter} invites you to take “${course}” on ${platform}. Create your access to begin.`
          : `${inviter} invites you to join ${platform}. Create your access to begin.`,
      ],
      action: { label: 'Create my access', url },
      small: [`This invitation is valid for ${days} days.`],
    },
  });
}

export function enrolment(locale: Locale, { url, platform, course }: Link & { course: string }): Letter {
  return say(locale, {
    fr: {
      kind: 'enrolment',
      subject: `Vous êtes inscrit à « ${course} »`,
      paragraphs: [`La formation « ${course} » vous attend sur ${platform}.`],
      action: { label: 'Ouvrir la formation', url },
      small: [],
    },
    en: {
      kind: 'enrolment',
      subject: `You are enrolled in “${course}”`,
      paragraphs: [`The course “${course}” awaits you on ${platform}.`],
      action: { label: 'Open the course', url },
      small: [],
    },
  });
}

interface FactorAsked extends Link {
  /** From when on nothing else is open; null: at once. */
  from: Date | null;
  /** It was said before. */
  again: boolean;
}

/** To whoever lacks the second factor that their platform asks for. */
export function factorAsked(locale: Locale, { url, platform, from, again }: FactorAsked): Letter {
  const kind = again ? 'factor-reminder' : 'factor-asked';
  const day = from?.toLocaleDateString(locale === 'fr' ? 'fr-FR' : 'en-GB', {
    dateStyle: 'long',
    timeZone: 'Europe/Paris',
  });
  return say(locale, {
    fr: {
      kind,
      subject: day
        ? `${again ? 'Rappel\u202f: ' : ''}ajoutez un second facteur avant le ${day}`
        : 'Ajoutez un second facteur',
      paragraphs: [
        `${platform} demande un second facteur à votre compte : une clé d’accès ou une application d’authentification. Un mot de passe volé ne suffit alors plus pour entrer.`,
        day
          ? `À partir du ${day}, vous l’ajouterez avant toute autre chose. Faites-le maintenant pour ne pas être interrompu.`
          : 'À votre prochaine visite, vous l’ajouterez avant toute autre chose.',
      ],
      action: { label: 'Ajouter un second facteur', url },
      small: ['Gardez les codes de secours qui vous seront montrés : ils remplacent un appareil perdu.'],
    },
    en: {
      kind,
      subject: day
        ? `${again ? 'Reminder: add' : 'Add'} a second factor before ${day}`
        : 'Add a second factor',
      paragraphs: [
        `${platform} asks for a second factor of your account: a passkey or an authenticator app. A stolen password is then not enough to get in.`,
        day
          ? `From ${day} on, you will add it before anything else. Do it now, so that you are not interrupted.`
          : 'At your next visit, you will add it before anything else.',
      ],
      action: { label: 'Add a second factor', url },
      small: ['Keep the recovery codes that you will be shown: they stand in for a lost device.'],
    },
  });
}

/** To whoever sent a file in which the scanner found something later: the page that sent it is closed. */
export function fileSetAside(
  locale: Locale,
  { url, platform, file, threat }: Link & { file: string; threat: string },
): Letter {
  return say(locale, {
    fr: {
      kind: 'file-set-aside',
      subject: `« ${file} » a été mis à l’écart`,
      paragraphs: [
        `L’antivirus a trouvé « ${threat} » dans « ${file} », que vous avez envoyé sur ${platform}. Personne ne peut plus l’ouvrir.`,
        'Analysez votre appareil, retirez ce fichier de vos cours, puis envoyez une copie saine.',
      ],
      action: { label: 'Ouvrir le studio', url },
      small: [],
    },
    en: {
      kind: 'file-set-aside',
      subject: `“${file}” was set aside`,
      paragraphs: [
        `The virus scanner found “${threat}” in “${file}”, which you sent to ${platform}. Nobody can open it any more.`,
        'Scan your device, take this file out of your courses, then send a clean copy.',
      ],
      action: { label: 'Open the studio', url },
      small: [],
    },
  });
}

const scopes: Record<SupportScope, Record<Locale, string>> = {
  settings: { fr: 'voir les réglages et les personnes', en: 'see the settings and the people' },
  courses: { fr: 'voir les cours', en: 'see the courses' },
  trainer: { fr: 'agir comme formateur', en: 'act as a trainer' },
  administrator: { fr: 'agir comme administrateur', en: 'act as an administrator' },
};

interface SupportRequest extends Link {
  /** Who asks. */
  staff: string;
  scope: SupportScope;
  hours: number;
  exports: boolean;
  reason: string;
}

/** To every administrator: our staff ask for an access. */
export function supportRequest(
  locale: Locale,
  { url, platform, staff, scope, hours, exports, reason }: SupportRequest,
): Letter {
  return say(locale, {
    fr: {
      kind: 'support-request',
      subject: `Le support Préau demande un accès à ${platform}`,
      paragraphs: [
        `${staff}, du support Préau, vous demande de pouvoir ${scopes[scope].fr}${exports ? ' et exporter des données personnelles' : ''} pendant ${hours} heures.`,
        `Son motif : ${reason}`,
        'Sans votre accord, le support ne voit rien de votre plateforme. Vous pouvez accorder moins, refuser, ou mettre fin à l’accès à tout moment. Tout ce qui est consulté figure dans votre journal.',
      ],
      action: { label: 'Voir la demande', url },
      small: ['Vous n’avez pas demandé d’aide ? Refusez la demande, rien ne changera.'],
    },
    en: {
      kind: 'support-request',
      subject: `Préau support asks for access to ${platform}`,
      paragraphs: [
        `${staff}, of Préau support, asks to ${scopes[scope].en}${exports ? ' and export personal data' : ''} for ${hours} hours.`,
        `Their reason: ${reason}`,
        'Without your consent, support sees nothing of your platform. You can grant less, refuse, or end the access at any time. Whatever is looked at is in your log.',
      ],
      action: { label: 'See the request', url },
      small: ['You did not ask for help? Refuse the request, nothing will change.'],
    },
  });
}
