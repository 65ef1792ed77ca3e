import { z } from 'zod';
import { id, instant, line, newPassword, opaqueToken, password } from './primitives.ts';

/**
 * What accounts, staff and users share when they prove who they are: shapes, and the operations of a security page
 * without their name, address and identity. The JSON of passkeys is that of WebAuthn Level 3, 5.1 and 5.8.
 */

const base64url = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[\w-]+$/);
const transports = z.array(z.string().max(40)).max(10);
const credential = z.object({
  id: base64url(1_400),
  type: z.string(),
  transports: transports.exactOptional(),
});
const userVerification = z.enum(['required', 'preferred', 'discouraged']);

/** For `navigator.credentials.get`. */
export const passkeyRequest = z.object({
  challenge: base64url(200),
  rpId: z.string().exactOptional(),
  timeout: z.number().exactOptional(),
  allowCredentials: z.array(credential).exactOptional(),
  userVerification: userVerification.exactOptional(),
});
export type PasskeyRequest = z.infer<typeof passkeyRequest>;

/** For `navigator.credentials.create`. */
export const passkeyCreation = z.object({
  challenge: base64url(200),
  rp: z.object({ id: z.string().exactOptional(), name: z.string() }),
  user: z.object({ id: base64url(100), name: z.string(), displayName: z.string() }),
  pubKeyCredParams: z.array(z.object({ type: z.literal('public-key'), alg: z.int() })),
  timeout: z.number().exactOptional(),
  attestation: z.enum(['none', 'indirect', 'direct', 'enterprise']).exactOptional(),
  excludeCredentials: z.array(credential).exactOptional(),
  authenticatorSelection: z
    .object({
      residentKey: userVerification.exactOptional(),
      requireResidentKey: z.boolean().exactOptional(),
      userVerification: userVerification.exactOptional(),
    })
    .exactOptional(),
});
export type PasskeyCreation = z.infer<typeof passkeyCreation>;

const answer = {
  id: base64url(1_400),
  rawId: base64url(1_400),
  type: z.literal('public-key'),
  clientExtensionResults: z.object({}),
};

/** What `navigator.credentials.get` answered. */
export const passkeyAssertion = z.object({
  ...answer,
  response: z.object({
    clientDataJSON: base64url(4_000),
    authenticatorData: base64url(4_000),
    signature: base64url(4_000),
    userHandle: base64url(200).exactOptional(),
  }),
});

/** What `navigator.credentials.create` answered. */
export const passkeyAttestation = z.object({
  ...answer,
  response: z.object({
    clientDataJSON: base64url(4_000),
    attestationObject: base64url(40_000),
    transports: transports.exactOptional(),
  }),
});

export const factorMethod = z.enum(['passkey', 'totp', 'recovery-code']);
export type FactorMethod = z.infer<typeof factorMethod>;

/** The first factor was right; one of the methods is asked for next, within five minutes and five tries. */
export const secondFactorChallenge = z.object({
  kind: z.literal('challenge'),
  challenge: opaqueToken,
  expiresAt: instant,
  methods: z.array(factorMethod),
});

/** A session's token, new after each change of what proves its person. */
export const sessionToken = z.object({
  token: opaqueToken,
  expiresAt: instant,
  /** The device cookie, to be kept as long as the browser keeps cookies and sent with every sign-in. */
  device: z.string().max(1_200),
});

/** Six digits of an app, or a recovery code. */
export const code = z
  .string()
  .trim()
  .min(6)
  .max(40)
  .regex(/^[\w\s-]+$/);
const sixDigits = z
  .string()
  .trim()
  .regex(/^\d{6}$/);

export const recoveryCodes = z.array(z.string());
const factorAdded = z.object({
  session: sessionToken,
  /** With the first factor only: shown once, never again. */
  recoveryCodes: recoveryCodes.nullable(),
});
export const totpEnrolment = z.object({ secret: z.string(), uri: z.string() });

const browser = {
  browser: z.string().nullable(),
  system: z.string().nullable(),
  form: z.enum(['phone', 'tablet', 'computer']).nullable(),
};

export const security = z.object({
  totp: z.object({ confirmedAt: instant, lastUsedAt: instant.nullable() }).nullable(),
  passkeys: z.array(
    z.object({
      id,
      name: z.string(),
      /** Whether the person's other devices have it too. */
      synced: z.boolean(),
      createdAt: instant,
      lastUsedAt: instant.nullable(),
    }),
  ),
  recoveryCodes: z.object({ left: z.int(), total: z.int(), createdAt: instant }).nullable(),
  sessions: z.array(
    z.object({
      id,
      current: z.boolean(),
      ...browser,
      address: z.string().nullable(),
      firstSeenAt: instant,
      lastSeenAt: instant,
    }),
  ),
  /** How the person may confirm that it is them. */
  confirmBy: z.array(z.enum(['passkey', 'totp', 'recovery-code', 'password'])),
  /** Until when they count as having done so. */
  confirmedUntil: instant.nullable(),
  /** A second factor is required of them: the last one cannot be removed. */
  required: z.boolean(),
});
export type Security = z.infer<typeof security>;

const needsConfirmation = ['confirmation-needed'] as const;
const attempts = [{ max: 60, windowSeconds: 600, by: 'caller' }] as const;

/** The operations of a security page: `defineOperation({ ...securityPage.read, id, path, tag, identity })`. */
export const securityPage = {
  read: {
    method: 'GET',
    summary: 'What proves the person, and where they are signed in',
    response: security,
  },
  beginConfirmation: {
    method: 'POST',
    summary: 'Options for confirming by passkey',
    response: passkeyRequest,
    limits: attempts,
  },
  confirm: {
    method: 'POST',
    summary: 'Prove again that it is the person, for the next ten minutes',
    body: z.object({
      password: password.nullable().default(null),
      code: code.nullable().default(null),
      assertion: passkeyAssertion.nullable().default(null),
    }),
    response: z.object({ until: instant }),
    limits: attempts,
    errors: ['wrong-credentials', 'wrong-code', 'passkey-refused', 'too-many-attempts'],
  },
  changePassword: {
    method: 'POST',
    summary: 'Set a new password; every other session ends',
    body: z.object({ current: password.nullable(), next: newPassword }),
    response: sessionToken,
    limits: attempts,
    errors: ['wrong-credentials', 'password-too-weak', 'too-many-attempts', ...needsConfirmation],
  },
  beginTotp: {
    method: 'POST',
    summary: 'A secret for an authenticator app; it counts once a code has confirmed it',
    response: totpEnrolment,
    status: 201,
    limits: attempts,
    errors: ['state-forbids', ...needsConfirmation],
  },
  confirmTotp: {
    method: 'POST',
    summary: 'The first code of the app: it counts from now on',
    body: z.object({ code: sixDigits }),
    response: factorAdded,
    errors: ['wrong-code', 'too-many-attempts', ...needsConfirmation],
  },
  removeTotp: {
    method: 'DELETE',
    summary: 'Remove the authenticator app',
    response: sessionToken,
    errors: ['not-found', 'last-factor', ...needsConfirmation],
  },
  beginPasskey: {
    method: 'POST',
    summary: 'Options for a new passkey',
    response: passkeyCreation,
    limits: attempts,
    errors: ['limit-reached', ...needsConfirmation],
  },
  addPasskey: {
    method: 'POST',
    summary: 'Keep a new passkey',
    body: z.object({ name: line(80), attestation: passkeyAttestation }),
    response: factorAdded,
    status: 201,
    errors: ['passkey-refused', ...needsConfirmation],
  },
  renamePasskey: {
    method: 'PATCH',
    summary: 'Name a passkey',
    params: z.object({ passkeyId: id }),
    body: z.object({ name: line(80) }),
    kind: 'empty',
    status: 204,
    errors: ['not-found'],
  },
  removePasskey: {
    method: 'DELETE',
    summary: 'Remove a passkey',
    params: z.object({ passkeyId: id }),
    response: sessionToken,
    errors: ['not-found', 'last-factor', ...needsConfirmation],
  },
  drawRecoveryCodes: {
    method: 'POST',
    summary: 'Ten new recovery codes; earlier ones stop working',
    response: z.object({ recoveryCodes }),
    status: 201,
    limits: [{ max: 10, windowSeconds: 600, by: 'caller' }],
    errors: ['state-forbids', ...needsConfirmation],
  },
  endSession: {
    method: 'DELETE',
    summary: 'Sign one browser out',
    params: z.object({ sessionId: id }),
    kind: 'empty',
    status: 204,
    errors: ['not-found'],
  },
  endOtherSessions: {
    method: 'DELETE',
    summary: 'Sign every other browser out',
    kind: 'empty',
    status: 204,
  },
} as const;

/** The second step of a sign-in, and a sign-in by passkey. */
export const signInSteps = {
  code: {
    method: 'POST',
    summary: 'Second factor: a code of the app, or a recovery code; each once',
    body: z.object({ challenge: opaqueToken, code }),
    status: 201,
    limits: [{ max: 60, windowSeconds: 600, by: 'network' }],
    errors: ['wrong-code', 'token-invalid', 'too-many-attempts'],
  },
  beginPasskey: {
    method: 'POST',
    summary: 'Options for signing in by passkey; with a challenge, for its second factor',
    body: z.object({ challenge: opaqueToken.nullable().default(null) }),
    response: passkeyRequest,
    limits: [{ max: 300, windowSeconds: 600, by: 'network' }],
    errors: ['token-invalid'],
  },
  passkey: {
    method: 'POST',
    summary: 'Sign in by passkey, alone or as the second factor',
    body: z.object({ challenge: opaqueToken.nullable().default(null), assertion: passkeyAssertion }),
    status: 201,
    limits: [{ max: 60, windowSeconds: 600, by: 'network' }],
    errors: ['passkey-refused', 'token-invalid'],
  },
} as const;
