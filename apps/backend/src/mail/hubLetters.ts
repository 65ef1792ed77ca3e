import type { Locale } from '@preau/contract';
import { type Letter, say } from './letter.ts';

const ignore = {
  fr: 'Vous n’avez rien demandé ? Ignorez ce message, rien ne changera.',
  en: 'You did not ask for this? Ignore this message, nothing will change.',
};

export function verifyAddress(locale: Locale, { url, hours }: { url: string; hours: number }): Letter {
  return say(locale, {
    fr: {
      kind: 'verify-address',
      subject: 'Confirmez votre adresse',
      paragraphs: [
        'Votre compte Préau est presque prêt. Il reste à confirmer que cette adresse est la vôtre.',
      ],
      action: { label: 'Confirmer mon adresse', url },
      small: [`Ce lien fonctionne une fois, pendant ${hours} heures.`, ignore.fr],
    },
    en: {
      kind: 'verify-address',
      subject: 'Confirm your address',
      paragraphs: [
        'Your Préau account is almost ready. What remains is to confirm that this address is yours.',
      ],
      action: { label: 'Confirm my address', url },
      small: [`This link works once, for ${hours} hours.`, ignore.en],
    },
  });
}

/** To somebody who signs up with an address that has an account: only they learn of it. */
export function accountExists(locale: Locale, { url }: { url: string }): Letter {
  return say(locale, {
    fr: {
      kind: 'account-exists',
      subject: 'Vous avez déjà un compte',
      paragraphs: [
        'Quelqu’un, sans doute vous, a voulu ouvrir un compte Préau avec cette adresse. Vous en avez déjà un : connectez-vous, ou demandez un nouveau mot de passe depuis la page de connexion.',
      ],
      action: { label: 'Se connecter', url },
      small: [ignore.fr],
    },
    en: {
      kind: 'account-exists',
      subject: 'You already have an account',
      paragraphs: [
        'Somebody, probably you, tried to open a Préau account with this address. You already have one: sign in, or ask for a new password from the sign-in page.',
      ],
      action: { label: 'Sign in', url },
      small: [ignore.en],
    },
  });
}

export function resetPassword(locale: Locale, { url, minutes }: { url: string; minutes: number }): Letter {
  return say(locale, {
    fr: {
      kind: 'reset-password',
      subject: 'Choisissez un nouveau mot de passe',
      paragraphs: [
        'Vous avez demandé un nouveau mot de passe. Le bouton ci-dessous vous permet de le choisir.',
      ],
      action: { label: 'Choisir un mot de passe', url },
      small: [`Ce lien fonctionne une fois, pendant ${minutes} minutes.`, ignore.fr],
    },
    en: {
      kind: 'reset-password',
      subject: 'Choose a new password',
      paragraphs: ['You asked for a new password. The button below lets you choose it.'],
      action: { label: 'Choose a password', url },
      small: [`This link works once, for ${minutes} minutes.`, ignore.en],
    },
  });
}

export function organisationInvitation(
  locale: Locale,
  { url, organisation, inviter, days }: { url: string; organisation: string; inviter: string; days: number },
): Letter {
  return say(locale, {
    fr: {
      kind: 'organisation-invitation',
      subject: `${inviter} vous invite à rejoindre ${organisation}`,
      paragraphs: [
        `${inviter} vous invite dans l’équipe de ${organisation} sur Préau. Connectez-vous, ou ouvrez un compte, avec l’adresse qui a reçu ce message.`,
      ],
      action: { label: 'Rejoindre l’équipe', url },
      small: [`Cette invitation est valable ${days} jours.`],
    },
    en: {
      kind: 'organisation-invitation',
      subject: `${inviter} invites you to join ${organisation}`,
      paragraphs: [
        `${inviter} invites you to the team of ${organisation} on Préau. Sign in, or open an account, with the address that received this message.`,
      ],
      action: { label: 'Join the team', url },
      small: [`This invitation is valid for ${days} days.`],
    },
  });
}

export function welcome(
  locale: Locale,
  { url, name, hubUrl }: { url: string; name: string; hubUrl: string },
): Letter {
  return say(locale, {
    fr: {
      kind: 'welcome',
      subject: `${name} est en ligne`,
      paragraphs: [
        `Votre plateforme ${name} est prête et vous attend à l’adresse ${url}.`,
        'Depuis votre espace Préau, « Ouvrir ma plateforme » vous y connecte comme administrateur. Vous pouvez ensuite y créer une première formation et inviter votre équipe.',
      ],
      action: { label: 'Ouvrir mon espace', url: hubUrl },
      small: [],
    },
    en: {
      kind: 'welcome',
      subject: `${name} is live`,
      paragraphs: [
        `Your platform ${name} is ready and waits for you at ${url}.`,
        'From your Préau space, “Open my platform” signs you in to it as its administrator. From there you can create a first course and invite your team.',
      ],
      action: { label: 'Open my space', url: hubUrl },
      small: [],
    },
  });
}

export function provisioningFailed(locale: Locale, { url, name }: { url: string; name: string }): Letter {
  return say(locale, {
    fr: {
      kind: 'provisioning-failed',
      subject: `La mise en ligne de ${name} n’a pas abouti`,
      paragraphs: [
        `Une étape de la mise en ligne de ${name} a échoué chez nous. Votre adresse et votre paiement sont conservés, et notre équipe a été prévenue.`,
        'Vous pouvez relancer la mise en ligne dès maintenant.',
      ],
      action: { label: 'Relancer la mise en ligne', url },
      small: [],
    },
    en: {
      kind: 'provisioning-failed',
      subject: `${name} could not be brought online`,
      paragraphs: [
        `A step of bringing ${name} online failed on our side. Your address and your payment are kept, and our team has been told.`,
        'You can start it again now.',
      ],
      action: { label: 'Start again', url },
      small: [],
    },
  });
}

export function paymentFailed(
  locale: Locale,
  { url, name, readOnlyOn, suspendedOn }: { url: string; name: string; readOnlyOn: Date; suspendedOn: Date },
): Letter {
  const day = new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', {
    dateStyle: 'long',
    timeZone: 'Europe/Paris',
  });
  const [readOnly, suspended] = [day.format(readOnlyOn), day.format(suspendedOn)];
  return say(locale, {
    fr: {
      kind: 'payment-failed',
      subject: `Le paiement de ${name} n’a pas abouti`,
      paragraphs: [
        `Le dernier paiement de votre abonnement pour ${name} a été refusé. Rien ne change pour vos apprenants aujourd’hui.`,
        `Sans paiement, la plateforme passera en lecture seule le ${readOnly}, puis sera suspendue le ${suspended}. Vos données sont conservées, et un paiement rétablit tout aussitôt.`,
      ],
      action: { label: 'Mettre à jour le paiement', url },
      small: [],
    },
    en: {
      kind: 'payment-failed',
      subject: `The payment for ${name} did not go through`,
      paragraphs: [
        `The last payment of your subscription for ${name} was declined. Nothing changes for your learners today.`,
        `Without payment, the platform becomes read-only on ${readOnly} and is suspended on ${suspended}. Your data is kept, and a payment restores everything at once.`,
      ],
      action: { label: 'Update the payment', url },
      small: [],
    },
  });
}

export function suspended(locale: Locale, { url, name }: { url: string; name: string }): Letter {
  return say(locale, {
    fr: {
      kind: 'suspended',
      subject: `${name} est suspendue`,
      paragraphs: [
        `Votre abonnement pour ${name} n’est plus réglé : la plateforme est suspendue. Vos données sont conservées. Un paiement la rétablit aussitôt.`,
      ],
      action: { label: 'Voir ma facturation', url },
      small: [],
    },
    en: {
      kind: 'suspended',
      subject: `${name} is suspended`,
      paragraphs: [
        `Your subscription for ${name} is no longer paid: the platform is suspended. Your data is kept. A payment restores it at once.`,
      ],
      action: { label: 'See my billing', url },
      small: [],
    },
  });
}
