import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import type { Db } from '../database/db.ts';
import { found, refuse } from '../http/problem.ts';
import { createChallenge, finishChallenge, readChallenge, tryChallenge } from './challenge.ts';
import type { Circle, Means, Person } from './circle.ts';
import { knownDevice, rememberDevice } from './device.ts';
import { assertPasskey, beginAssertion, PasskeyCopied } from './passkeys.ts';
import { verifyPassword } from './password.ts';
import { type FactorMethod, methodsOf, readFactors, requireCode } from './secondFactor.ts';
import { openSession } from './session.ts';
import { attemptSucceeded, type Lane, startAttempt } from './throttle.ts';
import { networkOf, type Visitor } from './visitor.ts';

const HOUR = 3_600;
const FREE_AT_ADDRESS = 5;
const FREE_ON_DEVICE = 10;
const FREE_FROM_NETWORK = 30;
const FORGOTTEN_FROM_NETWORK_SECONDS = 60;

export interface Entered {
  kind: 'session';
  person: Person;
  token: string;
  expiresAt: string;
  device: string;
}
export interface Challenged {
  kind: 'challenge';
  challenge: string;
  expiresAt: string;
  methods: FactorMethod[];
}

/** What a password that is typed counts against: a known device alone, else the address and the network. */
function passwordLanes({ realm, leniency }: Circle, email: string, device: string | null, visitor: Visitor) {
  const lane = (key: string, free: number, forgetSeconds: number): Lane => ({
    key: `password ${key}`,
    free: free * leniency,
    forgetSeconds,
  });
  if (device) return { own: [lane(`${realm.kind} device ${device}`, FREE_ON_DEVICE, HOUR)], shared: [] };
  return {
    own: [lane(`${realm.kind} address ${email}`, FREE_AT_ADDRESS, HOUR)],
    shared: [
      lane(`network ${networkOf(visitor.address)}`, FREE_FROM_NETWORK, FORGOTTEN_FROM_NETWORK_SECONDS),
    ],
  };
}

/**
 * First factor. Whoever is unknown, may not sign in or has another password gets the same answer, in the same time.
 * @param person whom the address belongs to, if anybody
 * @throws Problem `wrong-credentials` or `too-many-attempts`
 */
export async function checkPassword(
  circle: Circle,
  { email, password, person }: { email: string; password: string; person: Person | undefined },
  visitor: Visitor,
): Promise<Person> {
  const { db, realm, secret } = circle;
  const device = person ? knownDevice(db, realm, { secret, cookie: visitor.device, owner: person }) : null;
  const lanes = passwordLanes(circle, email, device, visitor);
  await startAttempt(db, realm, [...lanes.own, ...lanes.shared]);
  const right = await verifyPassword(person?.passwordHash, password);
  if (!person || !right) {
    await circle.refused(db, person?.id ?? null, email);
    refuse('wrong-credentials');
  }
  await attemptSucceeded(db, realm, lanes);
  return person;
}

/** After the first factor: in, or asked for the second where there is one. */
export async function enterOrAsk(
  circle: Circle,
  person: Person,
  by: Extract<Means, 'password' | 'link' | 'handoff' | 'reset'>,
  visitor: Visitor,
): Promise<Entered | Challenged> {
  const methods = methodsOf(await readFactors(circle.db, circle.realm, person.id));
  if (methods.length === 0) return enter(circle, person, by, visitor, { expected: by !== 'password' });
  return { kind: 'challenge', ...(await createChallenge(circle.db, circle.realm, person.id)), methods };
}

/**
 * Opens a session for somebody who has proved themselves, in a transaction of its own or the caller's.
 * @param expected no mail about a new device: the person has just opened one of ours in it
 */
export async function enter(
  circle: Circle,
  person: Person,
  by: Means,
  visitor: Visitor,
  { tx, expected = false }: { tx?: Db; expected?: boolean } = {},
): Promise<Entered> {
  const { realm, db, secret } = circle;
  const owned = { secret, cookie: visitor.device, owner: person };
  const newDevice = !expected && knownDevice(db, realm, owned) === null;
  return (tx ?? db).transaction(async (inner) => {
    const session = await openSession(inner, realm, person.id, visitor);
    await circle.tell(inner, person, { type: 'signed-in', by, newDevice }, visitor);
    return { kind: 'session' as const, person, ...session, device: rememberDevice(db, realm, owned) };
  });
}

/**
 * Second factor by a code of the app or a recovery code.
 * @throws Problem `token-invalid`, `wrong-code` or `too-many-attempts`
 */
export async function enterByCode(
  circle: Circle,
  { challenge, code }: { challenge: string; code: string },
  visitor: Visitor,
): Promise<Entered> {
  const { db, realm, secret } = circle;
  const person = found(await circle.read(db, await tryChallenge(db, realm, challenge)), 'token-invalid');
  const device = knownDevice(db, realm, { secret, cookie: visitor.device, owner: person });
  const by = await requireCode(db, realm, { personId: person.id, code, device, secret });
  return db.transaction(async (tx) => {
    await finishChallenge(tx, realm, challenge);
    return enter(circle, person, by, visitor, { tx });
  });
}

/** Options for a passkey: with a challenge for its second factor, without one for whoever it is. */
export async function beginPasskeySignIn(
  { db, realm, rp }: Circle,
  challenge: string | null,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  if (!challenge)
    return beginAssertion(db, realm, rp, { ceremony: 'sign-in', personId: null, boundTo: null });
  const personId = await readChallenge(db, realm, challenge);
  return beginAssertion(db, realm, rp, { ceremony: 'second-factor', personId, boundTo: challenge });
}

/** @throws Problem `passkey-refused` or `token-invalid` */
export async function enterByPasskey(
  circle: Circle,
  { challenge, assertion }: { challenge: string | null; assertion: AuthenticationResponseJSON },
  visitor: Visitor,
): Promise<Entered> {
  const { db, realm, rp } = circle;
  const personId = challenge && (await tryChallenge(db, realm, challenge));
  const passkey = await assertPasskey(db, realm, rp, {
    ceremony: challenge ? 'second-factor' : 'sign-in',
    personId,
    boundTo: challenge,
    response: assertion,
  }).catch((cause: unknown) => reportCopy(circle, cause, visitor));
  const person = found(await circle.read(db, passkey.personId), 'passkey-refused');
  return db.transaction(async (tx) => {
    if (challenge) await finishChallenge(tx, realm, challenge);
    return enter(circle, person, 'passkey', visitor, { tx });
  });
}

/** A copied passkey is written down and mailed before its use is refused. */
export async function reportCopy(circle: Circle, cause: unknown, visitor: Visitor): Promise<never> {
  if (cause instanceof PasskeyCopied) {
    const person = await circle.read(circle.db, cause.personId);
    if (person) {
      await circle.db.transaction((tx) => circle.tell(tx, person, { type: 'passkey-copied' }, visitor));
    }
  }
  throw cause;
}
