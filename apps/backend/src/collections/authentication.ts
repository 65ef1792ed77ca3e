import type { Field } from 'payload';

/**
 * What people of every kind need to prove who they are: accounts and staff of the platform, users of a tenant.
 * The columns are the same, so that `authentication/` works on all of them; fresh objects each time, for Payload
 * changes what it is given.
 */

/** What nobody reads through Payload. */
const unread = () => ({ hidden: true, access: { read: () => false } });
const secret = (name: string, optional = false): Field => ({
  name,
  type: 'text',
  required: !optional,
  ...unread(),
});
const text = (name: string, optional = false): Field => ({ name, type: 'text', required: !optional });
const instant = (name: string, optional = false): Field => ({ name, type: 'date', required: !optional });
const count = (name: string): Field => ({ name, type: 'number', required: true, defaultValue: 0 });

/** On the person: one app that makes codes. */
export const totpFields = (): Field[] => [
  /** Sealed (`authentication/seal.ts`); counts once a first code has confirmed it. */
  secret('totpSecret', true),
  { name: 'totpConfirmedAt', type: 'date', ...unread() },
  /** The last time step whose code was accepted: each code works once. */
  { name: 'totpLastStep', type: 'number', ...unread() },
];

/** On the session, besides its token and its end. */
export const sessionFields = (): Field[] => [
  instant('lastSeenAt', true),
  text('userAgent', true),
  /** The network address that it was last seen at. */
  text('address', true),
  /** When the person last proved themselves: what is dangerous asks for it anew. */
  instant('confirmedAt', true),
];

/** A credential of WebAuthn (Level 3, 4: credential record). */
export const passkeyFields = (): Field[] => [
  text('name'),
  /** Base64url, as browsers write it. */
  text('credentialId'),
  /** COSE key in base64url: public. */
  text('publicKey'),
  /** Its authenticator's signature counter; one that goes back is a copy. */
  count('counter'),
  { name: 'transports', type: 'json', required: true },
  /** Whether the person's other devices have it too. */
  { name: 'synced', type: 'checkbox', required: true, defaultValue: false },
  instant('lastUsedAt', true),
];

export const recoveryCodeFields = (): Field[] => [
  /** The code's first characters, by which it is found. */
  text('selector'),
  /** argon2id of the whole code. */
  secret('codeHash'),
  instant('usedAt', true),
];

/** Something a person was asked, once: the second factor of a sign-in, a ceremony of WebAuthn. */
export const challengeFields = (): Field[] => [
  /** `authentication/challenge.ts` and `passkeys.ts` name the purposes. */
  text('purpose'),
  secret('tokenHash'),
  /** Digest of what it was asked within: the sign-in or the session. */
  text('boundTo', true),
  count('attempts'),
  instant('expiresAt'),
];

/** How often something was got wrong lately, and until when nobody may try again. */
export const throttleFields = (): Field[] => [
  /** SHA-256 of what is slowed: an address, a network, a device. */
  text('key'),
  count('failures'),
  instant('countedAt'),
  instant('blockedUntil'),
];
