import type { Locale } from '@preau/contract';
import type { SecurityEvent } from '../authentication/circle.ts';
import { browserOf } from '../authentication/device.ts';
import type { Visitor } from '../authentication/visitor.ts';
import { type Letter, say } from './letter.ts';

interface Place {
  /** What the account is on: Préau, or a platform's name. */
  name: string;
  /** The page where the person sees and changes what proves them. */
  url: string;
  /** Where they ask for a new password. */
  resetUrl: string;
}

/** “Chrome sur Windows”, or what can be said. */
function browserText(locale: Locale, userAgent: string | null): string {
  const { browser, system } = browserOf(userAgent);
  const unknown = say(locale, { fr: 'un navigateur inconnu', en: 'an unknown browser' });
  if (!browser) return unknown;
  return system ? `${browser} ${say(locale, { fr: 'sur', en: 'on' })} ${system}` : browser;
}

function whenText(locale: Locale, now: Date): string {
  const text = now.toLocaleString(locale === 'fr' ? 'fr-FR' : 'en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'Europe/Paris',
  });
  return say(locale, { fr: `le ${text} (heure de Paris)`, en: `on ${text} (Paris time)` });
}

/** What a person must know of their account, or null where it needs no mail. */
export function securityLetter(
  locale: Locale,
  event: SecurityEvent,
  { place, visitor, now }: { place: Place; visitor: Visitor; now: Date },
): Letter | null {
  const what = wording(locale, event, place.name);
  if (!what) return null;
  if (event.type === 'factors-reset') return resetLetter(locale, { ...what, ...event }, place);
  const browser = browserText(locale, visitor.userAgent);
  const when = whenText(locale, now);
  return {
    kind: `security-${event.type}`,
    subject: what.subject,
    paragraphs: [
      what.text,
      say(locale, {
        fr: `C’était ${when}, depuis ${browser}, adresse ${visitor.address}.`,
        en: `It was ${when}, from ${browser}, address ${visitor.address}.`,
      }),
    ],
    action: { label: say(locale, { fr: 'Vérifier ma sécurité', en: 'Check my security' }), url: place.url },
    small: [
      say(locale, {
        fr: `C’était vous ? Il n’y a rien à faire. Sinon, choisissez aussitôt un nouveau mot de passe : ${place.resetUrl}`,
        en: `Was it you? There is nothing to do. If not, choose a new password at once: ${place.resetUrl}`,
      }),
    ],
  };
}

/** Not where the helper sat: whoever lost their factors is told who helped, and what to do next. */
function resetLetter(
  locale: Locale,
  { subject, text, password }: { subject: string; text: string; password: boolean },
  place: Place,
): Letter {
  return {
    kind: 'security-factors-reset',
    subject,
    paragraphs: [
      text,
      password
        ? say(locale, {
            fr: 'Vos clés d’accès, votre application, vos codes de secours et votre mot de passe ne fonctionnent plus, et vos appareils sont déconnectés. Choisissez un nouveau mot de passe, puis ajoutez un second facteur.',
            en: 'Your passkeys, your app, your recovery codes and your password no longer work, and your devices are signed out. Choose a new password, then add a second factor.',
          })
        : say(locale, {
            fr: 'Vos clés d’accès, votre application et vos codes de secours ne fonctionnent plus, et vos appareils sont déconnectés. Connectez-vous avec votre mot de passe pour ajouter un second facteur.',
            en: 'Your passkeys, your app and your recovery codes no longer work, and your devices are signed out. Sign in with your password to add a second factor.',
          }),
    ],
    action: {
      label: password
        ? say(locale, { fr: 'Choisir un mot de passe', en: 'Choose a password' })
        : say(locale, { fr: 'Se connecter', en: 'Sign in' }),
      url: place.resetUrl,
    },
    small: [
      say(locale, {
        fr: 'Vous n’avez rien demandé ? Prévenez aussitôt la personne nommée ci-dessus.',
        en: 'You did not ask for this? Tell the person named above at once.',
      }),
    ],
  };
}

function wording(
  locale: Locale,
  event: SecurityEvent,
  place: string,
): { subject: string; text: string } | null {
  const factor = 'factor' in event ? factorText(locale, event) : '';
  switch (event.type) {
    case 'signed-in':
      if (event.by === 'recovery-code')
        return say(locale, {
          fr: {
            subject: 'Un code de secours a servi',
            text: `Quelqu’un s’est connecté à votre compte ${place} avec un code de secours. Ce code ne fonctionnera plus.`,
          },
          en: {
            subject: 'A recovery code was used',
            text: `Somebody signed in to your ${place} account with a recovery code. That code no longer works.`,
          },
        });
      if (!event.newDevice) return null;
      return say(locale, {
        fr: {
          subject: 'Connexion depuis un nouvel appareil',
          text: `Quelqu’un s’est connecté à votre compte ${place} depuis un appareil que nous ne connaissions pas.`,
        },
        en: {
          subject: 'Sign-in from a new device',
          text: `Somebody signed in to your ${place} account from a device we did not know.`,
        },
      });
    case 'password-changed':
      return say(locale, {
        fr: {
          subject: 'Votre mot de passe a changé',
          text: `Le mot de passe de votre compte ${place} a changé. Les autres appareils ont été déconnectés.`,
        },
        en: {
          subject: 'Your password has changed',
          text: `The password of your ${place} account has changed. Other devices have been signed out.`,
        },
      });
    case 'factor-added':
      return say(locale, {
        fr: {
          subject: 'Un second facteur a été ajouté',
          text: `${factor} protège désormais votre compte ${place}. Les autres appareils ont été déconnectés.`,
        },
        en: {
          subject: 'A second factor was added',
          text: `${factor} now protects your ${place} account. Other devices have been signed out.`,
        },
      });
    case 'factor-removed':
      return say(locale, {
        fr: {
          subject: 'Un second facteur a été retiré',
          text: `${factor} ne protège plus votre compte ${place}. Les autres appareils ont été déconnectés.`,
        },
        en: {
          subject: 'A second factor was removed',
          text: `${factor} no longer protects your ${place} account. Other devices have been signed out.`,
        },
      });
    case 'recovery-codes-drawn':
      return say(locale, {
        fr: {
          subject: 'Vos codes de secours ont été remplacés',
          text: `De nouveaux codes de secours ont été créés pour votre compte ${place}. Les anciens ne fonctionnent plus.`,
        },
        en: {
          subject: 'Your recovery codes were replaced',
          text: `New recovery codes were created for your ${place} account. The old ones no longer work.`,
        },
      });
    case 'factors-reset':
      return say(locale, {
        fr: {
          subject: 'Vos seconds facteurs ont été retirés',
          text: `${event.helper} a retiré tous les seconds facteurs de votre compte ${place}.`,
        },
        en: {
          subject: 'Your second factors were removed',
          text: `${event.helper} removed all second factors of your ${place} account.`,
        },
      });
    case 'passkey-copied':
      return say(locale, {
        fr: {
          subject: 'Une clé d’accès a été refusée',
          text: `Une clé d’accès de votre compte ${place} semble exister en double. Nous avons refusé la connexion. Retirez cette clé et ajoutez-en une nouvelle.`,
        },
        en: {
          subject: 'A passkey was refused',
          text: `A passkey of your ${place} account seems to have been copied. We refused the sign-in. Remove that passkey and add a new one.`,
        },
      });
  }
}

function factorText(locale: Locale, { factor, name }: { factor: 'passkey' | 'totp'; name: string | null }) {
  if (factor === 'totp')
    return say(locale, { fr: 'Une application d’authentification', en: 'An authenticator app' });
  return say(locale, {
    fr: `La clé d’accès « ${name ?? ''} »`,
    en: `The passkey “${name ?? ''}”`,
  });
}
