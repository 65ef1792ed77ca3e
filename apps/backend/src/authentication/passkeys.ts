import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { z } from 'zod';
import type { Db } from '../database/db.ts';
import { found, Problem, refuse } from '../http/problem.ts';
import { digestOf } from '../http/secret.ts';
import type { Realm } from './realm.ts';
import { dropUselessCodes } from './secondFactor.ts';

/** As long as the browser's own prompt may stay open, in seconds. */
const CEREMONY_SECONDS = 300;
const MAX_PASSKEYS = 20;

/** Loaded when the first ceremony begins: its ASN.1 schemas are megabytes. */
const webauthn = () => import('@simplewebauthn/server');

/** The site that passkeys belong to (WebAuthn Level 3, 5.1.2: RP ID). */
export interface RelyingParty {
  /** The host, without port. */
  id: string;
  /** Scheme, host and port; nothing else may ask, not even a subdomain of the host. */
  origin: string;
  name: string;
}

/** @param address where browsers reach the site, such as the hub's or a platform's */
export function relyingParty(address: string, name: string): RelyingParty {
  const { hostname, origin } = new URL(address);
  return { id: hostname, origin, name };
}

/**
 * What a passkey is asked for. `sign-in`: it is the only factor, so it must have verified its person (by a PIN or
 * a biometric); `second-factor`: after the password; `confirm`: again, before something dangerous.
 */
export type Ceremony = 'sign-in' | 'second-factor' | 'confirm';
type Purpose = `passkey ${Ceremony | 'register'}`;

interface Person {
  id: string;
  email: string;
  name: string;
}

/** Options for `navigator.credentials.create`. @param boundTo the session or sign-in within which it happens */
export async function beginRegistration(
  db: Db,
  realm: Realm,
  rp: RelyingParty,
  { person, boundTo }: { person: Person; boundTo: string },
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { generateRegistrationOptions } = await webauthn();
  const known = await credentialsOf(db, realm, person.id);
  if (known.length >= MAX_PASSKEYS) refuse('limit-reached', { limit: MAX_PASSKEYS });
  const options = await generateRegistrationOptions({
    rpName: rp.name,
    rpID: rp.id,
    userID: new TextEncoder().encode(person.id),
    userName: person.email,
    userDisplayName: person.name,
    timeout: CEREMONY_SECONDS * 1_000,
    attestationType: 'none',
    excludeCredentials: known,
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  });
  await keep(db, realm, {
    challenge: options.challenge,
    purpose: 'passkey register',
    personId: person.id,
    boundTo,
  });
  return options;
}

/** A passkey that has been verified and is not kept yet. */
export interface NewPasskey {
  personId: string;
  name: string;
  credentialId: string;
  publicKey: string;
  counter: number;
  transports: string[];
  synced: boolean;
}

/**
 * Verifies a new passkey. Call it outside of a transaction: its question is spent, whether answered rightly or not.
 * @throws Problem `passkey-refused` where the answer is not to our question, or not on our site
 */
export async function verifyRegistration(
  db: Db,
  realm: Realm,
  rp: RelyingParty,
  {
    personId,
    boundTo,
    name,
    response,
  }: { personId: string; boundTo: string; name: string; response: RegistrationResponseJSON },
): Promise<NewPasskey> {
  const challenge = await redeem(db, realm, {
    clientData: response.response.clientDataJSON,
    purpose: 'passkey register',
    personId,
    boundTo,
  });
  const { verifyRegistrationResponse } = await webauthn();
  const { registrationInfo } = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: rp.origin,
    expectedRPID: rp.id,
    requireUserVerification: false,
  }).catch(refused);
  if (!registrationInfo) refuse('passkey-refused');
  const { credential, credentialBackedUp } = registrationInfo;
  return {
    personId,
    name,
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
    counter: credential.counter,
    transports: credential.transports ?? [],
    synced: credentialBackedUp,
  };
}

/** @returns its id. @throws Problem `passkey-refused` where somebody has it already */
export async function keepPasskey(tx: Db, realm: Realm, passkey: NewPasskey): Promise<string> {
  const row = await tx.maybe<{ id: string }>(
    `INSERT INTO ${realm.passkeys} (${realm.owner}, name, credential_id, public_key, counter, transports, synced)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (${realm.keyPrefix}credential_id) DO NOTHING RETURNING id`,
    [
      passkey.personId,
      passkey.name,
      passkey.credentialId,
      passkey.publicKey,
      passkey.counter,
      JSON.stringify(passkey.transports),
      passkey.synced,
    ],
  );
  return found(row, 'passkey-refused').id;
}

/**
 * Options for `navigator.credentials.get`. Without a person (`sign-in`) they name no credential: whoever asks
 * learns nothing, and the browser offers what it has.
 */
export async function beginAssertion(
  db: Db,
  realm: Realm,
  rp: RelyingParty,
  { ceremony, personId, boundTo }: { ceremony: Ceremony; personId: string | null; boundTo: string | null },
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { generateAuthenticationOptions } = await webauthn();
  const options = await generateAuthenticationOptions({
    rpID: rp.id,
    timeout: CEREMONY_SECONDS * 1_000,
    userVerification: ceremony === 'sign-in' ? 'required' : 'preferred',
    ...(personId ? { allowCredentials: await credentialsOf(db, realm, personId) } : {}),
  });
  await keep(db, realm, { challenge: options.challenge, purpose: `passkey ${ceremony}`, personId, boundTo });
  return options;
}

/** A passkey whose signature counter went back: somebody may have a copy of it (WebAuthn Level 3, 6.1.1). */
export class PasskeyCopied extends Problem {
  readonly personId: string;
  constructor(personId: string) {
    super('passkey-refused');
    this.personId = personId;
  }
}

/**
 * Whose passkey answered. Each question is answered once, whether rightly or not.
 * @param personId whose it must be; null for `sign-in`, where the passkey says who it is
 * @throws Problem `passkey-refused`, the same for every reason; `PasskeyCopied` among them
 */
export async function assertPasskey(
  db: Db,
  realm: Realm,
  rp: RelyingParty,
  {
    ceremony,
    personId,
    boundTo,
    response,
  }: {
    ceremony: Ceremony;
    personId: string | null;
    boundTo: string | null;
    response: AuthenticationResponseJSON;
  },
): Promise<{ personId: string; passkeyId: string; name: string }> {
  const challenge = await redeem(db, realm, {
    clientData: response.response.clientDataJSON,
    purpose: `passkey ${ceremony}`,
    personId,
    boundTo,
  });
  const passkey = found(
    await db.maybe<{ id: string; personId: string; name: string; publicKey: string; counter: number }>(
      `SELECT id, ${realm.owner} AS "personId", name, public_key AS "publicKey", counter::float8 AS counter
       FROM ${realm.passkeys} WHERE credential_id = $1`,
      [response.id],
    ),
    'passkey-refused',
  );
  if (personId !== null && passkey.personId !== personId) refuse('passkey-refused');
  const { userHandle } = response.response;
  if (userHandle && Buffer.from(userHandle, 'base64url').toString() !== passkey.personId)
    refuse('passkey-refused');

  const { verifyAuthenticationResponse } = await webauthn();
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: rp.origin,
    expectedRPID: rp.id,
    requireUserVerification: ceremony === 'sign-in',
    // Compared below, in one statement with what is stored: two answers at once must not both be the next.
    credential: {
      id: response.id,
      publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
      counter: 0,
    },
  }).catch(refused);
  if (!verified) refuse('passkey-refused');
  const next = await db.maybe(
    `UPDATE ${realm.passkeys} SET counter = $2, synced = $3, last_used_at = now(), updated_at = now()
     WHERE id = $1 AND (counter < $2 OR (counter = 0 AND $2 = 0)) RETURNING 1`,
    [passkey.id, authenticationInfo.newCounter, authenticationInfo.credentialBackedUp],
  );
  if (!next) throw new PasskeyCopied(passkey.personId);
  return { personId: passkey.personId, passkeyId: passkey.id, name: passkey.name };
}

export interface ListedPasskey {
  id: string;
  name: string;
  synced: boolean;
  createdAt: string;
  lastUsedAt: string | null;
}

export async function listPasskeys(db: Db, realm: Realm, personId: string): Promise<ListedPasskey[]> {
  const rows = await db.query<{
    id: string;
    name: string;
    synced: boolean;
    createdAt: Date;
    lastUsedAt: Date | null;
  }>(
    `SELECT id, name, synced, created_at AS "createdAt", last_used_at AS "lastUsedAt"
     FROM ${realm.passkeys} WHERE ${realm.owner} = $1 ORDER BY created_at, id`,
    [personId],
  );
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  }));
}

/** @throws Problem `not-found` for a passkey that is not the person's */
export async function renamePasskey(
  db: Db,
  realm: Realm,
  { personId, passkeyId, name }: { personId: string; passkeyId: string; name: string },
): Promise<void> {
  found(
    await db.maybe(
      `UPDATE ${realm.passkeys} SET name = $3, updated_at = now() WHERE id = $1 AND ${realm.owner} = $2 RETURNING 1`,
      [passkeyId, personId, name],
    ),
  );
}

/** @returns its name. @throws Problem `not-found` for a passkey that is not the person's */
export async function removePasskey(
  tx: Db,
  realm: Realm,
  { personId, passkeyId }: { personId: string; passkeyId: string },
): Promise<string> {
  const { name } = found(
    await tx.maybe<{ name: string }>(
      `DELETE FROM ${realm.passkeys} WHERE id = $1 AND ${realm.owner} = $2 RETURNING name`,
      [passkeyId, personId],
    ),
  );
  await dropUselessCodes(tx, realm, personId);
  return name;
}

const transports = z.array(z.string());

async function credentialsOf(db: Db, realm: Realm, personId: string) {
  const rows = await db.query<{ id: string; transports: unknown }>(
    `SELECT credential_id AS id, transports FROM ${realm.passkeys} WHERE ${realm.owner} = $1 ORDER BY created_at`,
    [personId],
  );
  return rows.map((row) => ({ id: row.id, transports: transports.parse(row.transports) }));
}

interface Question {
  purpose: Purpose;
  personId: string | null;
  boundTo: string | null;
}

async function keep(
  db: Db,
  realm: Realm,
  { challenge, purpose, personId, boundTo }: Question & { challenge: string },
): Promise<void> {
  await db.query(
    `INSERT INTO ${realm.challenges} (${realm.owner}, purpose, token_hash, bound_to, expires_at)
     VALUES ($1, $2, $3, $4, now() + interval '${CEREMONY_SECONDS} seconds')`,
    [personId, purpose, digestOf(challenge), boundTo && digestOf(boundTo)],
  );
}

const clientDataSchema = z.object({ challenge: z.string().min(16).max(200) });

/** The question that an answer says it answers, if we asked it, for this, and have no answer yet. */
async function redeem(
  db: Db,
  realm: Realm,
  { clientData, purpose, personId, boundTo }: Question & { clientData: string },
): Promise<string> {
  const parsed = clientDataSchema.safeParse(readJson(clientData));
  if (!parsed.success) refuse('passkey-refused');
  const { challenge } = parsed.data;
  const asked = await db.maybe(
    `DELETE FROM ${realm.challenges} WHERE token_hash = $1 AND purpose = $2 AND expires_at > now()
       AND bound_to IS NOT DISTINCT FROM $3 AND ${realm.owner} IS NOT DISTINCT FROM $4::uuid RETURNING 1`,
    [digestOf(challenge), purpose, boundTo && digestOf(boundTo), personId],
  );
  if (!asked) refuse('passkey-refused');
  return challenge;
}

function readJson(base64url: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64url, 'base64url').toString('utf8'));
  } catch {
    refuse('passkey-refused');
  }
}

/** The library says why; the caller is told the same in each case. */
function refused(cause: unknown): never {
  if (!(cause instanceof Error)) throw cause;
  throw Object.assign(new Problem('passkey-refused'), { cause });
}
