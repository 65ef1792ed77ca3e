import type { IncomingMessage } from 'node:http';
import type { Locale, Operation, Role } from '@preau/contract';
import { type Claims, IdentityError, type KeyLookup, type PublicKey, verifyToken } from '@preau/identity';
import { LRUCache } from 'lru-cache';
import type { Db } from '../database/db.ts';
import type { Scope } from '../database/scope.ts';
import type { AccountCaller, Caller, StaffCaller, UserCaller } from './caller.ts';
import { Problem } from './problem.ts';
import { digestOf } from './secret.ts';

/** How long a revoked key or an ended session may still be believed. */
const BELIEVED_MS = 5_000;
const MAX_TOKENS = 5_000;
const MAX_SESSIONS = 20_000;
const TOKEN_LENGTH = { min: 20, max: 200 };

type Person = AccountCaller | StaffCaller | Pick<UserCaller, 'sessionId' | 'user'>;

/** Says who calls: verifies the process's token before any scope opens, then looks the person's session up in it. */
export class Identifier {
  readonly #open: (scope: Scope) => Db;
  readonly #services = new Map<string, { key: PublicKey; issuer: string }>();
  readonly #tokens = new LRUCache<string, Claims | 'refused'>({ max: MAX_TOKENS, ttl: BELIEVED_MS });
  readonly #people = new LRUCache<string, Person>({ max: MAX_SESSIONS, ttl: BELIEVED_MS });

  constructor(open: (scope: Scope) => Db, keys: Record<'hub' | 'operator', PublicKey[]>) {
    this.#open = open;
    for (const issuer of ['hub', 'operator'] as const) {
      for (const key of keys[issuer]) this.#services.set(key.kid, { key, issuer });
    }
  }

  /** The caller, as the operation's identity asks. @throws Problem `not-authenticated` or `forbidden` */
  async identify(
    request: IncomingMessage,
    operation: Pick<Operation, 'identity' | 'roles'>,
  ): Promise<Caller> {
    const { identity, roles } = operation;
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
        if (!person || !('kind' in person)) throw new Problem('not-authenticated');
        return person;
      }
      case 'instance':
      case 'visitor':
      case 'user': {
        if (claims.service !== 'instance') break;
        const { tenantId, instanceId, release } = claims;
        const visitor = { kind: 'instance', tenantId, instanceId, release } as const;
        if (identity === 'instance') return visitor;
        const person = await this.#person(request, 'user', { kind: 'tenant', tenantId });
        if (!person || !('user' in person)) {
          if (identity === 'visitor') return visitor;
          throw new Problem('not-authenticated');
        }
        if (roles && !roles.includes(person.user.role)) throw new Problem('forbidden');
        return { ...visitor, kind: 'user', sessionId: person.sessionId, user: person.user };
      }
    }
    throw new Problem('forbidden');
  }

  /** Forgets the session of a request that may have ended or changed it. */
  forget(request: IncomingMessage): void {
    const token = request.headers['preau-session'];
    if (typeof token !== 'string') return;
    const ending = `:${digestOf(token)}`;
    for (const key of this.#people.keys()) if (key.endsWith(ending)) this.#people.delete(key);
  }

  async #process(request: IncomingMessage): Promise<Claims> {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (!token) throw new Problem('not-authenticated');
    let claims = this.#tokens.get(token);
    if (!claims) {
      // Looked up here rather than by the verifier, to which an unreachable database would be a wrong token.
      const kid = keyIdOf(token);
      const owner = kid === undefined ? undefined : await this.#ownerOf(kid);
      claims = await verifyToken(token, async () => owner).catch((error: unknown) => {
        if (error instanceof IdentityError) return 'refused' as const;
        throw error;
      });
      this.#tokens.set(token, claims);
    }
    if (claims === 'refused') throw new Problem('not-authenticated');
    return claims;
  }

  async #ownerOf(kid: string): Promise<Awaited<ReturnType<KeyLookup>>> {
    const service = this.#services.get(kid);
    if (service) return service;
    const found = await this.#open({ kind: 'platform' }).maybe<{
      x: string;
      instanceId: string;
      tenantId: string;
    }>(
      `SELECT k.x, i.id AS "instanceId", i.tenant_id AS "tenantId"
       FROM instance_keys k JOIN instances i ON i.id = k.instance_id
       WHERE k.kid = $1 AND k.revoked_at IS NULL AND i.tenant_id IS NOT NULL`,
      [kid],
    );
    if (!found) return undefined;
    return {
      key: { kty: 'OKP', crv: 'Ed25519', x: found.x, kid },
      issuer: `instance:${found.instanceId}`,
      tenant: found.tenantId,
    };
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
    const key = `${kind}:${scope.kind === 'tenant' ? scope.tenantId : ''}:${digest}`;
    const known = this.#people.get(key);
    if (known) return known;
    const person = await readPerson[kind](this.#open(scope), digest);
    if (person) this.#people.set(key, person);
    return person;
  }
}

const MAX_KEY_ID_LENGTH = 100;

/** The key id of a token that nobody has verified yet. */
function keyIdOf(token: string): string | undefined {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8'));
    if (typeof header !== 'object' || header === null || !('kid' in header)) return undefined;
    const { kid } = header;
    return typeof kid === 'string' && /^[\w.:-]+$/.test(kid) && kid.length <= MAX_KEY_ID_LENGTH
      ? kid
      : undefined;
  } catch {
    return undefined;
  }
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
    const row = await db.maybe<Row>(
      `SELECT s.id AS "sessionId", a.id, a.email, a.name, a.locale
       FROM account_sessions s JOIN accounts a ON a.id = s.account_id
       WHERE s.token_hash = $1 AND s.expires_at > now()`,
      [digest],
    );
    if (!row) return undefined;
    const { sessionId, ...account } = row;
    return { kind: 'account', sessionId, account };
  },
  async staff(db: Db, digest: string): Promise<StaffCaller | undefined> {
    const row = await db.maybe<Omit<Row, 'locale'>>(
      `SELECT s.id AS "sessionId", p.id, p.email, p.name
       FROM staff_sessions s JOIN staff p ON p.id = s.staff_member_id
       WHERE s.token_hash = $1 AND s.stage = 'session' AND s.expires_at > now()`,
      [digest],
    );
    if (!row) return undefined;
    const { sessionId, ...staff } = row;
    return { kind: 'staff', sessionId, staff };
  },
  async user(db: Db, digest: string): Promise<Pick<UserCaller, 'sessionId' | 'user'> | undefined> {
    const row = await db.maybe<Row & { role: Role }>(
      `SELECT s.id AS "sessionId", u.id, u.email, u.name, u.role, u.locale
       FROM user_sessions s JOIN users u ON u.id = s.user_id
       WHERE s.token_hash = $1 AND s.expires_at > now() AND u.status = 'active'`,
      [digest],
    );
    if (!row) return undefined;
    const { sessionId, ...user } = row;
    return { sessionId, user };
  },
};
