import type { Locale } from '@preau/contract';
import type { LimitKind } from '@preau/contract/platform/metering';
import { type Letter, say } from './letter.ts';

const ignore = {
  fr: 'Vous n’avez rien demandé ? Ignorez ce message, rien ne changera.',
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
        'Quelqu’un, sans doute vous, a voulu ouvrir un compte Préau avec cette adresse. Vous en avez déjà un : connectez-vous, ou demandez un nouveau mot de passe depuis la page de connexion.',
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

/** To a new address that somebody wants for their account, where it has one already: only its owner learns of it. */
export function addressTaken(locale: Locale, { url }: { url: string }): Letter {
  return say(locale, {
    fr: {
      kind: 'address-taken',
      subject: 'Cette adresse a déjà un compte',
      paragraphs: [
        'Quelqu’un, peut-être vous, a voulu donner cette adresse à un autre compte Préau. Elle a déjà le sien : rien n’a changé.',
      ],
      action: { label: 'Se connecter', url },
      small: [ignore.fr],
    },
    en: {
      kind: 'address-taken',
      subject: 'This address already has an account',
      paragraphs: [
        'Somebody, perhaps you, tried to give this address to another Préau account. It has its own already: nothing has changed.',
      ],
      action: { label: 'Sign in', url },
      small: [ignore.en],
    },
  });
}

export function confirmNewAddress(
  locale: Locale,
  { url, minutes }: { url: string; minutes: number },
): Letter {
  return say(locale, {
    fr: {
      kind: 'confirm-new-address',
      subject: 'Confirmez votre nouvelle adresse',
      paragraphs: [
        'Vous voulez recevoir à cette adresse ce qui concerne votre compte Préau, et vous connecter avec elle. Confirmez-le dans le navigateur où vous êtes connecté.',
      ],
      action: { label: 'Confirmer cette adresse', url },
      small: [`Ce lien fonctionne une fois, pendant ${minutes} minutes.`, ignore.fr],
    },
    en: {
      kind: 'confirm-new-address',
      subject: 'Confirm your new address',
      paragraphs: [
        'You want to receive at this address what concerns your Préau account, and to sign in with it. Confirm this in the browser where you are signed in.',
      ],
      action: { label: 'Confirm this address', url },
      small: [`This link works once, for ${minutes} minutes.`, ignore.en],
    },
  });
}

/** To the address before, while it still is the account's. */
export function newAddressAsked(locale: Locale, { url }: { url: string }): Letter {
  return say(locale, {
    fr: {
      kind: 'new-address-asked',
      subject: 'Une nouvelle adresse est demandée pour votre compte',
      paragraphs: [
        'Quelqu’un, sans doute vous, veut changer l’adresse de votre compte Préau. Elle changera quand la nouvelle sera confirmée.',
      ],
      action: { label: 'Vérifier ma sécurité', url },
      small: [
        'Ce n’était pas vous ? Choisissez aussitôt un nouveau mot de passe : tout le reste sera déconnecté.',
      ],
    },
    en: {
      kind: 'new-address-asked',
      subject: 'A new address is asked for your account',
      paragraphs: [
        'Somebody, probably you, wants to change the address of your Préau account. It changes once the new one is confirmed.',
      ],
      action: { label: 'Check my security', url },
      small: ['It was not you? Choose a new password at once: everything else will be signed out.'],
    },
  });
}

/** To both addresses, once it is done. */
export function newAddressSet(locale: Locale, { url }: { url: string }): Letter {
  return say(locale, {
    fr: {
      kind: 'new-address-set',
      subject: 'L’adresse de votre compte a changé',
      paragraphs: [
        'Vous vous connectez désormais à Préau, et à vos plateformes, avec la nouvelle adresse. Les autres appareils ont été déconnectés.',
      ],
      action: { label: 'Vérifier ma sécurité', url },
      small: ['Ce n’était pas vous ? Écrivez-nous aussitôt : la page Contact du site dit comment.'],
    },
    en: {
      kind: 'new-address-set',
      subject: 'The address of your account has changed',
      paragraphs: [
        'From now on you sign in to Préau, and to your platforms, with the new address. Other devices have been signed out.',
      ],
      action: { label: 'Check my security', url },
      small: ['It was not you? Write to us at once: the site’s Contact page says how.'],
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
        'Depuis votre espace Préau, « Ouvrir ma plateforme » vous y connecte comme administrateur. Vous pouvez ensuite y créer une première formation et inviter votre équipe.',
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
        `Votre abonnement pour ${name} n’est plus réglé : la plateforme est suspendue. Vos données sont conservées. Un paiement la rétablit aussitôt.`,
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

/** To whoever is on call; staff work in French. */
export function incidentOpened({
  id,
  title,
  severity,
  kind,
  url,
}: {
  id: string;
  title: string;
  severity: string;
  kind: string;
  url: string;
}): Letter {
  return {
    kind: `incident-${id}`,
    subject: `Incident\u202f: ${title}`,
    paragraphs: [title, `Gravité\u202f: ${severity}. Nature\u202f: ${kind}.`],
    action: { label: 'Voir les incidents', url },
    small: ['Cet incident se clôt de lui-même quand sa cause a disparu.'],
  };
}

interface LimitNews {
  kind: LimitKind;
  level: 'near' | 'full';
  name: string;
  used: string;
  limit: string;
  url: string;
}

/** Before a limit of the plan bites, and when it does: what happens then, and what can be done. */
export function limitReached(locale: Locale, { kind, level, name, used, limit, url }: LimitNews): Letter {
  const full = level === 'full';
  return say(locale, {
    fr: {
      kind: `limit-${kind}-${level}`,
      subject: full
        ? `${name} a atteint la limite de ${LIMITS.fr[kind].name}`
        : `${name} approche de la limite de ${LIMITS.fr[kind].name}`,
      paragraphs: [
        `${name} utilise ${used} sur ${limit} prévus par votre offre (${LIMITS.fr[kind].name}).`,
        full ? LIMITS.fr[kind].full : LIMITS.fr[kind].near,
      ],
      action: { label: 'Voir ma plateforme', url },
      small: ['Nous n’enverrons pas d’autre message tant que la situation ne change pas.'],
    },
    en: {
      kind: `limit-${kind}-${level}`,
      subject: full
        ? `${name} has reached its limit of ${LIMITS.en[kind].name}`
        : `${name} comes near its limit of ${LIMITS.en[kind].name}`,
      paragraphs: [
        `${name} uses ${used} of the ${limit} in your plan (${LIMITS.en[kind].name}).`,
        full ? LIMITS.en[kind].full : LIMITS.en[kind].near,
      ],
      action: { label: 'See my platform', url },
      small: ['We will send no further message as long as nothing changes.'],
    },
  });
}

const LIMITS: Record<Locale, Record<LimitKind, { name: string; near: string; full: string }>> = {
  fr: {
    memory: {
      name: 'mémoire',
      near: 'Rien ne change pour vos apprenants aujourd’hui. À la limite, la plateforme redémarre, ce qui prend quelques secondes. Une offre plus grande en donne davantage.',
      full: 'À cette limite, la plateforme redémarre, ce qui prend quelques secondes. Une offre plus grande en donne davantage.',
    },
    storage: {
      name: 'stockage',
      near: 'Rien ne change aujourd’hui. À la limite, tout ce qui est en ligne le reste, mais plus aucun fichier ne peut être ajouté. Libérez de l’espace depuis la plateforme, ou ajoutez-en à votre offre.',
      full: 'Tout ce qui est en ligne le reste, mais plus aucun fichier ne peut être ajouté. Libérez de l’espace depuis la plateforme, ou ajoutez-en à votre offre.',
    },
    learners: {
      name: 'apprenants',
      near: 'Rien ne change aujourd’hui. À la limite, personne ne perd son accès, mais plus aucun apprenant ne peut être ajouté. Désactivez ceux qui sont partis, ou ajoutez-en à votre offre.',
      full: 'Personne ne perd son accès, mais plus aucun apprenant ne peut être ajouté. Désactivez ceux qui sont partis, ou ajoutez-en à votre offre.',
    },
    traffic: {
      name: 'trafic mensuel',
      near: 'Rien ne change, ni aujourd’hui ni à la limite : la plateforme reste ouverte à tous, aussi rapide. Si vous la dépassez chaque mois, une offre plus grande vous convient mieux. Le compte repart de zéro le premier du mois.',
      full: 'La plateforme reste ouverte à tous, aussi rapide : rien n’est coupé. Si vous dépassez cette limite chaque mois, une offre plus grande vous convient mieux. Le compte repart de zéro le premier du mois.',
    },
    processor: {
      name: 'calcul mensuel',
      near: 'Rien ne change, ni aujourd’hui ni à la limite : la plateforme reste ouverte à tous, aussi rapide. Si vous la dépassez chaque mois, une offre plus grande vous convient mieux. Le compte repart de zéro le premier du mois.',
      full: 'La plateforme reste ouverte à tous, aussi rapide : rien n’est coupé. Si vous dépassez cette limite chaque mois, une offre plus grande vous convient mieux. Le compte repart de zéro le premier du mois.',
    },
  },
  en: {
    memory: {
      name: 'memory',
      near: 'Nothing changes for your learners today. At the limit the platform restarts, which takes a few seconds. A larger plan has more.',
      full: 'At this limit the platform restarts, which takes a few seconds. A larger plan has more.',
    },
    storage: {
      name: 'storage',
      near: 'Nothing changes today. At the limit everything online stays, but no file can be added. Free space from the platform, or add some to your plan.',
      full: 'Everything online stays, but no file can be added. Free space from the platform, or add some to your plan.',
    },
    learners: {
      name: 'learners',
      near: 'Nothing changes today. At the limit nobody loses access, but no learner can be added. Disable those who left, or add some to your plan.',
      full: 'Nobody loses access, but no learner can be added. Disable those who left, or add some to your plan.',
    },
    traffic: {
      name: 'monthly traffic',
      near: 'Nothing changes, today or at the limit: the platform stays open to everybody and as fast. If you go beyond it every month, a larger plan suits you better. Counting begins anew on the first of the month.',
      full: 'The platform stays open to everybody and as fast: nothing is cut. If you go beyond this limit every month, a larger plan suits you better. Counting begins anew on the first of the month.',
    },
    processor: {
      name: 'monthly computing',
      near: 'Nothing changes, today or at the limit: the platform stays open to everybody and as fast. If you go beyond it every month, a larger plan suits you better. Counting begins anew on the first of the month.',
      full: 'The platform stays open to everybody and as fast: nothing is cut. If you go beyond this limit every month, a larger plan suits you better. Counting begins anew on the first of the month.',
    },
  },
};

/** To whoever asked for everything of a platform. */
export function exportReady(
  locale: Locale,
  { url, platform, days }: { url: string; platform: string; days: number },
): Letter {
  return say(locale, {
    fr: {
      kind: 'export-ready',
      subject: `L’export de ${platform} est prêt`,
      paragraphs: [
        `Les formations, les personnes, leurs résultats et les fichiers de ${platform} sont réunis dans un fichier zip, en formats ouverts.`,
        `Vous pouvez le télécharger pendant ${days} jours. Il contient des données personnelles : gardez-le en lieu sûr.`,
      ],
      action: { label: 'Télécharger l’export', url },
      small: ['Vous recevez ce message parce que vous avez demandé cet export.'],
    },
    en: {
      kind: 'export-ready',
      subject: `The export of ${platform} is ready`,
      paragraphs: [
        `The courses, people, results and files of ${platform} are together in one zip, in open formats.`,
        `You can download it for ${days} days. It holds personal data: keep it safe.`,
      ],
      action: { label: 'Download the export', url },
      small: ['You receive this message because you asked for this export.'],
    },
  });
}

/** To the owners of a platform that is gone. It names its address, not what it was called. */
export function platformDeleted(
  locale: Locale,
  { url, slug, number }: { url: string; slug: string; number: string },
): Letter {
  return say(locale, {
    fr: {
      kind: 'platform-deleted',
      subject: `${slug} est supprimée : votre certificat`,
      paragraphs: [
        `La plateforme ${slug} et tout ce qu’elle contenait sont supprimés, sauvegardes comprises.`,
        `Le certificat ${number} dit ce qui a été supprimé, quand, et ce qui reste ailleurs et pourquoi. Il est signé : gardez-le comme preuve.`,
      ],
      action: { label: 'Télécharger le certificat', url },
      small: ['Vous recevez ce message parce que cette plateforme appartenait à votre organisation.'],
    },
    en: {
      kind: 'platform-deleted',
      subject: `${slug} is deleted: your certificate`,
      paragraphs: [
        `The platform ${slug} and everything that it held are deleted, backups included.`,
        `The certificate ${number} says what was deleted, when, and what stays elsewhere and why. It is signed: keep it as a proof.`,
      ],
      action: { label: 'Download the certificate', url },
      small: ['You receive this message because this platform belonged to your organisation.'],
    },
  });
}
