import type { Db } from '../database/db.ts';
import type { RelyingParty } from './passkeys.ts';
import type { Realm } from './realm.ts';
import type { Visitor } from './visitor.ts';

/** Somebody who may sign in. */
export interface Person {
  id: string;
  email: string;
  name: string;
  /** PHC string; null for people who only ever come by a link or a passkey. */
  passwordHash: string | null;
}

/** By what somebody came in; all but the first four are links, whose mail or site has just been open in that browser. */
export type Means =
  | 'password'
  | 'passkey'
  | 'totp'
  | 'recovery-code'
  | 'link'
  | 'handoff'
  | 'reset'
  | 'invitation';

/** What happened to what proves a person: written down, and mailed where they must know. */
export type SecurityEvent =
  | { type: 'signed-in'; by: Means; newDevice: boolean }
  | { type: 'password-changed'; reset?: true }
  | { type: 'factor-added'; factor: 'passkey' | 'totp'; name: string | null }
  | { type: 'factor-removed'; factor: 'passkey' | 'totp'; name: string | null }
  | { type: 'recovery-codes-drawn' }
  /** Somebody else took all factors away, and the password with them or not; whoever did it writes that down. */
  | { type: 'factors-reset'; helper: string; password: boolean }
  | { type: 'passkey-copied' };

/** One kind of people, within one request: the hub's accounts, our staff, or the users of one platform. */
export interface Circle {
  realm: Realm;
  db: Db;
  rp: RelyingParty;
  /** Seals the apps' secrets and signs device cookies. */
  secret: string;
  /** Multiplies what is free before the waits begin (`RATE_LIMIT_FACTOR`). */
  leniency: number;
  /** Somebody who may sign in now; undefined for whoever may not. */
  read(db: Db, personId: string): Promise<Person | undefined>;
  /** What else others know of where the person signs in: names of the place, of which no password is made. */
  about(db: Db, personId: string | null): Promise<string[]>;
  /** Whether the person must keep a second factor. */
  required(db: Db, personId: string): Promise<boolean>;
  /** Writes down that a password was wrong. @param personId whom the address belongs to, if anybody */
  refused(db: Db, personId: string | null, email: string): Promise<void>;
  /** Writes the event down and mails it, in the transaction that makes it true. */
  tell(tx: Db, person: Person, event: SecurityEvent, visitor: Visitor): Promise<void>;
}
