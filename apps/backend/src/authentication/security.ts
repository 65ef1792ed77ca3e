import type { Security } from '@preau/contract/authentication';
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import type { Db } from '../database/db.ts';
import { found, refuse } from '../http/problem.ts';
import type { Circle, Person, SecurityEvent } from './circle.ts';
import { knownDevice, rememberDevice } from './device.ts';
import {
  assertPasskey,
  beginAssertion,
  beginRegistration,
  keepPasskey,
  listPasskeys,
  removePasskey,
  verifyRegistration,
} from './passkeys.ts';
import { hashPassword, requireStrongPassword, verifyPassword } from './password.ts';
import { drawRecoveryCodes, storeRecoveryCodes } from './recoveryCodes.ts';
import {
  beginTotp,
  confirmTotp,
  hasFactor,
  methodsOf,
  readFactors,
  removeTotp,
  requireCode,
} from './secondFactor.ts';
import {
  confirmedUntil,
  confirmSession,
  listSessions,
  type OpenedSession,
  renewSession,
  requireConfirmed,
} from './session.ts';
import { reportCopy } from './signIn.ts';
import { attemptSucceeded, type Lane, startAttempt } from './throttle.ts';
import type { Visitor } from './visitor.ts';

/** Somebody signed in, on their security page. */
export interface Signed {
  personId: string;
  sessionId: string;
  visitor: Visitor;
}

type Renewed = OpenedSession & { device: string };
interface FactorAdded {
  session: Renewed;
  recoveryCodes: string[] | null;
}

const person = async (circle: Circle, db: Db, id: string): Promise<Person> =>
  found(await circle.read(db, id), 'not-authenticated');

export async function readSecurity(circle: Circle, { personId, sessionId }: Signed): Promise<Security> {
  const { db, realm } = circle;
  const factors = await readFactors(db, realm, personId);
  const methods = methodsOf(factors);
  return {
    totp: factors.totp,
    passkeys: await listPasskeys(db, realm, personId),
    recoveryCodes: factors.recoveryCodes,
    sessions: await listSessions(db, realm, personId, sessionId),
    confirmBy: methods.length > 0 ? methods : ['password'],
    confirmedUntil: await confirmedUntil(db, realm, sessionId),
    required: await circle.required(db, personId),
  };
}

export function beginConfirmation(
  { db, realm, rp }: Circle,
  { personId, sessionId }: Signed,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  return beginAssertion(db, realm, rp, { ceremony: 'confirm', personId, boundTo: sessionId });
}

/** What slows down whoever found an open browser and guesses its owner's password. */
const passwordLane = ({ realm }: Circle, { sessionId }: Signed): Lane => ({
  key: `confirm ${realm.kind} ${sessionId}`,
  free: 5,
  forgetSeconds: 3_600,
});

async function requirePassword(circle: Circle, signed: Signed, password: string): Promise<void> {
  const lane = passwordLane(circle, signed);
  await startAttempt(circle.db, circle.realm, [lane]);
  const { passwordHash } = await person(circle, circle.db, signed.personId);
  if (!(await verifyPassword(passwordHash, password))) refuse('wrong-credentials');
  await attemptSucceeded(circle.db, circle.realm, { own: [lane] });
}

/**
 * Proves again who it is: by a second factor where there is one, for a password alone would undo it; else by the
 * password. @returns until when that counts
 */
export async function confirm(
  circle: Circle,
  signed: Signed,
  given: { password: string | null; code: string | null; assertion: AuthenticationResponseJSON | null },
): Promise<{ until: string }> {
  const { db, realm, rp, secret } = circle;
  const { personId, sessionId, visitor } = signed;
  if (given.assertion) {
    await assertPasskey(db, realm, rp, {
      ceremony: 'confirm',
      personId,
      boundTo: sessionId,
      response: given.assertion,
    }).catch((cause: unknown) => reportCopy(circle, cause, visitor));
  } else if (given.code) {
    const owner = await person(circle, db, personId);
    const device = knownDevice(db, realm, { secret, cookie: visitor.device, owner });
    await requireCode(db, realm, { personId, code: given.code, device, secret });
  } else {
    if (await hasFactor(db, realm, personId)) refuse('wrong-code');
    await requirePassword(circle, signed, given.password ?? '');
  }
  return { until: await confirmSession(db, realm, sessionId) };
}

/** The session gets a new token, every other one ends, and the person is told. */
async function renew(circle: Circle, tx: Db, signed: Signed, event: SecurityEvent): Promise<Renewed> {
  const session = await renewSession(tx, circle.realm, signed.personId, signed.sessionId);
  const owner = await person(circle, tx, signed.personId);
  await circle.tell(tx, owner, event, signed.visitor);
  const device = rememberDevice(circle.db, circle.realm, {
    secret: circle.secret,
    cookie: signed.visitor.device,
    owner,
  });
  return { ...session, device };
}

/**
 * Sets a new password. Whoever has one gives it; whoever has a second factor has just confirmed by it.
 * @throws Problem `wrong-credentials`, `password-too-weak`, `confirmation-needed`, `too-many-attempts`
 */
export async function changePassword(
  circle: Circle,
  signed: Signed,
  { current, next }: { current: string | null; next: string },
): Promise<Renewed> {
  const { db, realm } = circle;
  const owner = await person(circle, db, signed.personId);
  const methods = methodsOf(await readFactors(db, realm, signed.personId));
  if (methods.length > 0 || owner.passwordHash === null) await requireConfirmed(db, realm, signed.sessionId);
  if (owner.passwordHash !== null) await requirePassword(circle, signed, current ?? '');
  requireStrongPassword(next, [owner.email, owner.name, ...(await circle.about(db, signed.personId))]);
  const hash = await hashPassword(next);
  return db.transaction(async (tx) => {
    await tx.query(`UPDATE ${realm.people} SET password_hash = $2, updated_at = now() WHERE id = $1`, [
      signed.personId,
      hash,
    ]);
    return renew(circle, tx, signed, { type: 'password-changed' });
  });
}

export async function enrolTotp(circle: Circle, signed: Signed): Promise<{ secret: string; uri: string }> {
  const { db, realm, rp, secret } = circle;
  const { personId, sessionId } = signed;
  await requireConfirmed(db, realm, sessionId);
  const { email } = await person(circle, db, personId);
  return beginTotp(db, realm, { personId, issuer: rp.name, email, secret, keep: false });
}

export async function addTotp(circle: Circle, signed: Signed, code: string): Promise<FactorAdded> {
  const { db, realm, secret } = circle;
  await requireConfirmed(db, realm, signed.sessionId);
  const codes = await firstCodes(circle, signed.personId);
  await confirmTotp(db, realm, { personId: signed.personId, code, secret });
  return db.transaction(async (tx) => {
    if (codes) await storeRecoveryCodes(tx, realm, signed.personId, codes.rows);
    const session = await renew(circle, tx, signed, { type: 'factor-added', factor: 'totp', name: null });
    return { session, recoveryCodes: codes?.codes ?? null };
  });
}

export async function dropTotp(circle: Circle, signed: Signed): Promise<Renewed> {
  const { db, realm } = circle;
  await requireConfirmed(db, realm, signed.sessionId);
  return db.transaction(async (tx) => {
    await lock(circle, tx, signed.personId);
    await removeTotp(tx, realm, signed.personId);
    await keepRequired(circle, tx, signed.personId);
    return renew(circle, tx, signed, { type: 'factor-removed', factor: 'totp', name: null });
  });
}

export async function enrolPasskey(
  circle: Circle,
  signed: Signed,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { db, realm, rp } = circle;
  await requireConfirmed(db, realm, signed.sessionId);
  const owner = await person(circle, db, signed.personId);
  return beginRegistration(db, realm, rp, { person: owner, boundTo: signed.sessionId });
}

export async function addPasskey(
  circle: Circle,
  signed: Signed,
  { name, attestation }: { name: string; attestation: RegistrationResponseJSON },
): Promise<FactorAdded> {
  const { db, realm, rp } = circle;
  await requireConfirmed(db, realm, signed.sessionId);
  const codes = await firstCodes(circle, signed.personId);
  const passkey = await verifyRegistration(db, realm, rp, {
    personId: signed.personId,
    boundTo: signed.sessionId,
    name,
    response: attestation,
  });
  return db.transaction(async (tx) => {
    await keepPasskey(tx, realm, passkey);
    if (codes) await storeRecoveryCodes(tx, realm, signed.personId, codes.rows);
    const session = await renew(circle, tx, signed, { type: 'factor-added', factor: 'passkey', name });
    return { session, recoveryCodes: codes?.codes ?? null };
  });
}

export async function dropPasskey(circle: Circle, signed: Signed, passkeyId: string): Promise<Renewed> {
  const { db, realm } = circle;
  await requireConfirmed(db, realm, signed.sessionId);
  return db.transaction(async (tx) => {
    await lock(circle, tx, signed.personId);
    const name = await removePasskey(tx, realm, { personId: signed.personId, passkeyId });
    await keepRequired(circle, tx, signed.personId);
    return renew(circle, tx, signed, { type: 'factor-removed', factor: 'passkey', name });
  });
}

/** @throws Problem `state-forbids` where there is no factor that codes could stand in for */
export async function redrawRecoveryCodes(
  circle: Circle,
  signed: Signed,
): Promise<{ recoveryCodes: string[] }> {
  const { db, realm } = circle;
  await requireConfirmed(db, realm, signed.sessionId);
  if (!(await hasFactor(db, realm, signed.personId))) refuse('state-forbids');
  const { codes, rows } = await drawRecoveryCodes();
  await db.transaction(async (tx) => {
    await storeRecoveryCodes(tx, realm, signed.personId, rows);
    const owner = await person(circle, tx, signed.personId);
    await circle.tell(tx, owner, { type: 'recovery-codes-drawn' }, signed.visitor);
  });
  return { recoveryCodes: codes };
}

/** Recovery codes for somebody who is about to have their first factor; null for everybody else. */
export async function firstCodes({ db, realm }: Circle, personId: string) {
  const { recoveryCodes } = await readFactors(db, realm, personId);
  return recoveryCodes ? null : drawRecoveryCodes();
}

/** One change at a time: two who remove the last two factors at once must not both succeed. */
async function lock({ realm }: Circle, tx: Db, personId: string): Promise<void> {
  await tx.query(`SELECT 1 FROM ${realm.people} WHERE id = $1 FOR UPDATE`, [personId]);
}

async function keepRequired(circle: Circle, tx: Db, personId: string): Promise<void> {
  if (await hasFactor(tx, circle.realm, personId)) return;
  if (await circle.required(tx, personId)) refuse('last-factor');
}
