import assert from 'node:assert/strict';
import type { Challenged, Entered } from '../authentication/signIn.ts';
import type { Visitor } from '../authentication/visitor.ts';
import type { Db } from '../database/db.ts';
import { type CircleSettings, userCircle } from '../users/circle.ts';
import { presentEither } from '../users/session.ts';
import { signIn } from '../users/signIn.ts';

export const circleSettings: CircleSettings = {
  PREAU_PUBLIC_URL: 'http://localhost:8080',
  PAYLOAD_SECRET: 'a secret for tests only',
  RATE_LIMIT_FACTOR: 100,
};

/** A browser that nobody knows. */
export const somewhere: Visitor = { address: '192.0.2.1', userAgent: null, device: null, session: null };

/** The session that a way in opened, as an instance receives it; fails where a second factor is asked for. */
export async function inside(db: Db, outcome: Entered | Challenged) {
  const answer = await presentEither(db, outcome);
  assert.ok(answer.kind === 'session', 'a second factor is asked for');
  return answer;
}

export async function signInByPassword(db: Db, email: string, password: string) {
  return inside(db, await signIn(await userCircle(db, circleSettings), { email, password }, somewhere));
}
