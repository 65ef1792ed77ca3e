import type { IncomingMessage } from 'node:http';
import { holds, type Locale, type Operation } from '@preau/contract';
import type { Claims } from '@preau/identity';
import { LRUCache } from 'lru-cache';
import { accounts, staff, users } from '../authentication/realm.ts';
import { isLive, seeSession } from '../authentication/session.ts';
import type { Db } from '../database/db.ts';
import type { Scope } from '../database/scope.ts';
import { grantsOf, ROLE_OF } from '../policies/supportScope.ts';
import { mayProbe, PROBE_PREFIX, readProbe } from '../probes/probe.ts';
import { readSupport, SUPPORT_PREFIX } from '../support/session.ts';
import { ME, type MeRow, presentMe } from '../users/session.ts';
import { type Bearers, LookUpsExhausted } from './bearers.ts';
import {
  type AccountCaller,
  type Caller,
  type InstanceCaller,
  nobodysOwn,
  type StaffCaller,
  type UserCaller,
} from './caller.ts';
import { Denial, Problem } from './problem.ts';
import { digestOf } from './secret.ts';

/** How long an ended session may still be believed. */
const BELIEVED_MS = 5_000;
/** Those who came at once are not looked up again at once: up to so much of that is given up, by chance. */
const SPREAD = 0.4;
const MAX_SESSIONS = 20_000;
const TOKEN_LENGTH = { min: 20, max: 200 };

interface User extends Pick<UserCaller, 'sessionId' | 'user' | 'support' | 'probe'> {
  /** Without the second factor that is asked of them, nothing is open but the way to it. */
  lacksFactor: boolean;
}
type Person = AccountCaller | StaffCaller | User;

/** Says who calls: verifies the process's token before any scope opens, then looks the person's session up in it. */
export class Identifier {
  readonly #open: (scope: Scope) => Db;
  readonly #bearers: Bearers;
  readonly #secret: string;
  readonly #people = new LRUCache<string, Person>({ max: MAX_SESSIONS });

  /** @param secret what probes' tokens are signed with */
  constructor(open: (scope: Scope) => Db, bearers: Bearers, secret: string) {
    this.#open = open;
    this.#secret = secret;
    this.#bearers = bearers;
  }

  /**
   * The caller, as the operation's identity asks.
   * @throws Denial `not-authenticated` or `forbidden`, Problem `second-factor-needed` or `unavailable`
   */
  async identify(
    request: IncomingMessage,
    operation: Pick<Operation, 'identity' | 'permission' | 'beforeFactor'> & Partial<Pick<Operation, 'id'>>,
  ): Promise<Caller> {
    const { identity, permission = 'everyone', beforeFactor = false } = operation;
    if (identity === 'public' && !request.headers.authorization) return { kind: 'anonymous' };
    const claims = await this.#process(request);
    switch (identity) {
      case 'public':
      case 'service':
        if (claims.service === 'instance') break;
        return { kind: 'service', service: claims.service };
      case 'hub':
      case 'operator':
        if (claims.service !== identity) break;
        return { kind: 'service', service: identity };
      case 'account':
      case 'staff': {
        if (claims.service !== 'hub') break;
        const person = await this.#person(request, identity, { kind: 'platform' });
        if (!person || !('kind' in person))
          throw new Denial('not-authenticated', { fault: sessionFault(request), by: claims.service });
        return person;
      }
      case 'instance':
      case 'visitor':
      case 'user': {
        if (claims.service !== 'instance') break;
        const { tenantId, instanceId, release } = claims;
        const visitor = { kind: 'instance', tenantId, instanceId, release } as const;
        if (identity === 'instance') return visitor;
        const person =
          this.#probe(request, visitor) ??
          (await this.#person(request, 'user', { kind: 'tenant', tenantId }));
        if (!person || !('user' in person)) {
          if (identity === 'visitor') return visitor;
          throw new Denial('not-authenticated', { fault: sessionFault(request), caller: visitor });
        }
        const { lacksFactor, ...known } = person;
        const caller: Caller = { ...visitor, kind: 'user', ...known };
        if (known.probe && !mayProbe(operation))
          throw new Denial('forbidden', { fault: 'permission', caller });
        // What a support session may call is said by its scope, operation by operation (`support/witness.ts`).
        if (!known.support) {
          if (lacksFactor && !beforeFactor) throw new Problem('second-factor-needed');
          if (!holds(known.user.grants, permission))
            throw new Denial('forbidden', { fault: 'permission', caller });
        }
        return caller;
      }
    }
    throw new Denial('forbidden', { fault: 'identity', by: claims.service });
  }

  /** Forgets the session of a request that may have ended or changed it. */
  forget(request: IncomingMessage): void {
    const token = request.headers['preau-session'];
    if (typeof token !== 'string') return;
    const ending = `:${digestOf(token)}`;
    for (const key of this.#people.keys()) if (key.endsWith(ending)) this.#people.delete(key);
  }

  async #process(request: IncomingMessage): Promise<Claims> {
    // Node keeps the first of several: somebody else in front of us might have read the last.
    const given = count(request, 'authorization');
    if (given === 0) throw new Denial('not-authenticated', { fault: 'no-token' });
    if (given > 1 || count(request, 'preau-session') > 1)
      throw new Denial('not-authenticated', { fault: 'repeated' });
    const { authorization = '' } = request.headers;
    if (!authorization.startsWith(BEARER)) throw new Denial('not-authenticated', { fault: 'malformed' });
    const identified = await this.#bearers
      .identify(authorization.slice(BEARER.length))
      .catch((error: unknown) => {
        throw error instanceof LookUpsExhausted ? new Problem('unavailable') : error;
      });
    if (!identified.claims) throw new Denial('not-authenticated', { fault: identified.fault });
    return identified.claims;
  }

  async #person(
    request: IncomingMessage,
    kind: 'account' | 'staff' | 'user',
    scope: Scope,
  ): Promise<Person | undefined> {
    const token = request.headers['preau-session'];
    if (typeof token !== 'string' || token.length < TOKEN_LENGTH.min || token.length > TOKEN_LENGTH.max) {
      return undefined;
    }
    const digest = digestOf(token);
    if (kind === 'user' && token.startsWith(SUPPORT_PREFIX)) return this.#supporter(scope, digest);
    const key = `${kind}:${scope.kind === 'tenant' ? scope.tenantId : ''}:${digest}`;
    const known = this.#people.get(key);
    if (known) return known;
    const person = await readPerson[kind](this.#open(scope), digest);
    if (person) this.#people.set(key, person, { ttl: BELIEVED_MS * (1 - SPREAD * Math.random()) });
    return person;
  }

  #probe({ headers }: IncomingMessage, of: InstanceCaller): User | undefined {
    const token = headers['preau-session'];
    if (typeof token !== 'string' || !token.startsWith(PROBE_PREFIX)) return undefined;
    const found = readProbe(this.#secret, of, token);
    return found && { ...found, lacksFactor: false };
  }

  /** Looked up at every request: an access that was revoked ends at once. */
  async #supporter(scope: Scope, digest: string): Promise<Person | undefined> {
    const support = await readSupport(
      this.#open(scope),
      this.#open({ kind: 'platform' }),
      digest,
      new Date(),
    );
    if (!support) return undefined;
    const { sessionId, userId, staffName, scope: granted } = support;
    const user = {
      id: userId,
      email: 'support',
      name: staffName,
      role: ROLE_OF[granted],
      grants: grantsOf(support),
      ...nobodysOwn,
    };
    return { sessionId, user, support, lacksFactor: false };
  }
}

const BEARER = 'Bearer ';

/** Nobody is signed in, or a session is named that does not exist (any more). */
const sessionFault = ({ headers }: IncomingMessage) =>
  headers['preau-session'] === undefined ? 'no-session' : 'session';

function count({ rawHeaders }: IncomingMessage, name: string): number {
  let seen = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const given = rawHeaders[i] ?? '';
    if (given.length === name.length && given.toLowerCase() === name) seen += 1;
  }
  return seen;
}

interface Row {
  sessionId: string;
  id: string;
  email: string;
  name: string;
  locale: Locale;
}

const readPerson = {
  async account(db: Db, digest: string): Promise<AccountCaller | undefined> {
    const row = await db.maybe<Row & { lastSeenAt: Date | null }>(
      `SELECT s.id AS "sessionId", s.last_seen_at AS "lastSeenAt", a.id, a.email, a.name, a.locale
       FROM account_sessions s JOIN accounts a ON a.id = s.account_id
       WHERE s.token_hash = $1 AND ${isLive(accounts)}`,
      [digest],
    );
    if (!row) return undefined;
    const { sessionId, lastSeenAt, ...account } = row;
    await seeSession(db, accounts, { sessionId, lastSeenAt });
    return { kind: 'account', sessionId, account };
  },
  async staff(db: Db, digest: string): Promise<StaffCaller | undefined> {
    const row = await db.maybe<Omit<Row, 'locale'> & { lastSeenAt: Date | null }>(
      `SELECT s.id AS "sessionId", s.last_seen_at AS "lastSeenAt", p.id, p.email, p.name
       FROM staff_sessions s JOIN staff p ON p.id = s.staff_member_id
       WHERE s.token_hash = $1 AND s.stage = 'session' AND ${isLive(staff)}`,
      [digest],
    );
    if (!row) return undefined;
    const { sessionId, lastSeenAt, ...member } = row;
    await seeSession(db, staff, { sessionId, lastSeenAt });
    return { kind: 'staff', sessionId, staff: member };
  },
  async user(db: Db, digest: string): Promise<User | undefined> {
    const row = await db.maybe<MeRow & { sessionId: string; lastSeenAt: Date | null }>(
      `SELECT s.id AS "sessionId", s.last_seen_at AS "lastSeenAt", ${ME}
       FROM user_sessions s JOIN users u ON u.id = s.user_id CROSS JOIN site_settings f
       LEFT JOIN roles k ON k.id = u.custom_role_id
       WHERE s.token_hash = $1 AND ${isLive(users)} AND u.status = 'active'`,
      [digest],
    );
    if (!row) return undefined;
    const { sessionId, lastSeenAt, ...known } = row;
    await seeSession(db, users, { sessionId, lastSeenAt });
    const user = presentMe(known);
    const lacksFactor = user.factorDue !== null && Date.parse(user.factorDue) <= Date.now();
    return { sessionId, user, lacksFactor };
  },
};
