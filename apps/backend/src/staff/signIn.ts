import type { BodyOf, ResponseOf } from '@preau/contract';
import type {
  beginStaffEnrolment,
  confirmStaffCode,
  enrolStaffPasskey,
  signInStaff,
} from '@preau/contract/platform/staff';
import {
  createChallenge,
  finishChallenge,
  readChallenge,
  tryChallenge,
} from '../authentication/challenge.ts';
import type { Circle, Person } from '../authentication/circle.ts';
import { beginRegistration, keepPasskey, verifyRegistration } from '../authentication/passkeys.ts';
import { storeRecoveryCodes } from '../authentication/recoveryCodes.ts';
import { beginTotp, confirmTotp, hasFactor, methodsOf, readFactors } from '../authentication/secondFactor.ts';
import { firstCodes } from '../authentication/security.ts';
import { checkPassword, type Entered, enter, enterByCode } from '../authentication/signIn.ts';
import type { Visitor } from '../authentication/visitor.ts';
import { found, refuse } from '../http/problem.ts';

type StaffSession = ResponseOf<typeof confirmStaffCode>;

/** A session as the hub receives it. */
export function presentStaff(entered: Entered, recoveryCodes: string[] | null = null): StaffSession {
  const { token, expiresAt, device, person } = entered;
  const { id, email, name } = person;
  return { token, expiresAt, device, staff: { id, email, name }, recoveryCodes };
}

/**
 * First factor. Answers a challenge, for the password is never enough; to somebody without a second factor also
 * the secret to put in an app.
 * @throws Problem `wrong-credentials` or `too-many-attempts`
 */
export async function challengeStaff(
  circle: Circle,
  { email, password }: BodyOf<typeof signInStaff>,
  visitor: Visitor,
): Promise<ResponseOf<typeof signInStaff>> {
  const { db, realm, rp, secret } = circle;
  const member = await db.maybe<Person>(
    `SELECT id, email, name, password_hash AS "passwordHash" FROM staff WHERE email = $1`,
    [email],
  );
  const { id: personId } = await checkPassword(circle, { email, password, person: member }, visitor);
  const methods = methodsOf(await readFactors(db, realm, personId));
  return {
    ...(await createChallenge(db, realm, personId)),
    methods,
    enrolment:
      methods.length > 0
        ? null
        : await beginTotp(db, realm, { personId, issuer: rp.name, email, secret, keep: true }),
  };
}

/** Second factor by code: the app's, a recovery code, or the first code of an app that is being enrolled. */
export async function confirmStaff(
  circle: Circle,
  { challenge, code }: BodyOf<typeof confirmStaffCode>,
  visitor: Visitor,
): Promise<StaffSession> {
  const { db, realm, secret } = circle;
  const personId = await readChallenge(db, realm, challenge);
  if (await hasFactor(db, realm, personId))
    return presentStaff(await enterByCode(circle, { challenge, code }, visitor));
  await tryChallenge(db, realm, challenge);
  const codes = await firstCodes(circle, personId);
  await confirmTotp(db, realm, { personId, code, secret });
  return db.transaction(async (tx) => {
    await finishChallenge(tx, realm, challenge);
    if (codes) await storeRecoveryCodes(tx, realm, personId, codes.rows);
    const person = found(await circle.read(tx, personId), 'token-invalid');
    await circle.tell(tx, person, { type: 'factor-added', factor: 'totp', name: null }, visitor);
    return presentStaff(await enter(circle, person, 'totp', visitor, { tx }), codes?.codes);
  });
}

/** Options for a first passkey. @throws Problem `state-forbids` to whoever has a second factor: it is asked for */
export async function beginEnrolment(circle: Circle, { challenge }: BodyOf<typeof beginStaffEnrolment>) {
  const { db, realm, rp } = circle;
  const personId = await readChallenge(db, realm, challenge);
  await requireNoFactor(circle, personId);
  const person = found(await circle.read(db, personId), 'token-invalid');
  return beginRegistration(db, realm, rp, { person, boundTo: challenge });
}

/** @throws Problem `passkey-refused`, `token-invalid` or `state-forbids` */
export async function enrolPasskey(
  circle: Circle,
  { challenge, name, attestation }: BodyOf<typeof enrolStaffPasskey>,
  visitor: Visitor,
): Promise<StaffSession> {
  const { db, realm, rp } = circle;
  const personId = await tryChallenge(db, realm, challenge);
  await requireNoFactor(circle, personId);
  const passkey = await verifyRegistration(db, realm, rp, {
    personId,
    boundTo: challenge,
    name,
    response: attestation,
  });
  const codes = await firstCodes(circle, personId);
  return db.transaction(async (tx) => {
    await finishChallenge(tx, realm, challenge);
    await keepPasskey(tx, realm, passkey);
    if (codes) await storeRecoveryCodes(tx, realm, personId, codes.rows);
    const person = found(await circle.read(tx, personId), 'token-invalid');
    await circle.tell(tx, person, { type: 'factor-added', factor: 'passkey', name }, visitor);
    return presentStaff(await enter(circle, person, 'passkey', visitor, { tx }), codes?.codes);
  });
}

async function requireNoFactor({ db, realm }: Circle, personId: string): Promise<void> {
  if (await hasFactor(db, realm, personId)) refuse('state-forbids');
}
