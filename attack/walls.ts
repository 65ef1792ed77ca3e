/**
 * The attack on trial: one wall is taken away at a time, in SQL or in the source as a process reads it, and the
 * attack must find the hole. A wall whose loss nobody would notice is no wall, or the attack is blind there.
 */
import pg from 'pg';
import { Attack, type Finding, Found, WHOLE } from './attack.ts';
import type { Mutation } from './backend.ts';
import { attackContent } from './content.ts';
import type { ApiDocument } from './document.ts';
import { attackEdge } from './edge.ts';
import { attackGeneric } from './generic.ts';
import { attackOutbound } from './outbound.ts';
import { attackSql } from './sql.ts';
import { attackUploads } from './uploads.ts';
import type { World } from './world.ts';

const quoted = pg.escapeIdentifier;

interface Named {
  name: string;
  /** The kind of finding that shows the hole. */
  found: Finding['kind'];
}

/** A wall of the database: taken away and put back by statements, as the superuser. */
export interface SqlWall extends Named {
  table: string;
  remove: string;
  restore: string;
  /** Who tries: the role that serves tenants, or the one that owns the tables. */
  as: 'tenant' | 'owner';
}

/** A wall in the code: the source is another one, for a backend of its own. */
export interface CodeWall extends Named {
  mutations: readonly Mutation[];
  identity: string;
  operations?: readonly string[];
  /** Collections that are tried through Payload. */
  collections?: readonly string[];
  /** A door that the document does not describe. */
  door?: 'content' | 'uploads' | 'edge' | 'outbound';
}

export interface Trial {
  wall: string;
  probes: number;
  /** What shows the hole; nothing where the attack is blind. */
  findings: Finding[];
}

/** Every wall that the catalogue knows: policies, FORCE, keys that carry the tenant, unique values of one tenant. */
export async function sqlWalls({ client, tables, attacker, victim }: World): Promise<SqlWall[]> {
  const walls: SqlWall[] = [];
  for (const table of tables.values()) {
    if (table.holds !== 'tenant' || !table.hasTenant || !attacker.rows.get(table.name)?.length) continue;
    const name = quoted(table.name);
    const wall = (rest: Omit<SqlWall, 'table' | 'as'> & { as?: SqlWall['as'] }) =>
      walls.push({ table: table.name, as: 'tenant', ...rest });
    wall({
      name: `policy of ${table.name}`,
      found: 'leak',
      remove: `ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY`,
      restore: `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`,
    });
    wall({
      name: `FORCE on ${table.name}`,
      found: 'leak',
      as: 'owner',
      remove: `ALTER TABLE ${name} NO FORCE ROW LEVEL SECURITY`,
      restore: `ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`,
    });
    for (const key of table.indexes) {
      const texts = key.columns.filter((each) =>
        table.columns.some(({ name: known, type }) => known === each && /char|text/.test(type)),
      );
      const rest = key.columns.filter((each) => each !== 'tenant_id');
      // Ids differ anyway: only what people choose can be taken twice.
      if (!key.unique || key.primary || texts.length === 0 || texts.length < rest.length) continue;
      wall({
        name: `values of one tenant: ${table.name} (${rest.join(', ')})`,
        found: 'tells',
        remove: `CREATE UNIQUE INDEX wall_taken_away ON ${name} (${rest.map(quoted).join(', ')})`,
        restore: 'DROP INDEX wall_taken_away',
      });
    }
  }
  const { rows } = await client.query<{
    table: string;
    name: string;
    column: string;
    target: string;
    text: string;
  }>(
    `SELECT t.relname AS "table", c.conname AS name, c.confrelid::regclass::text AS target,
       pg_get_constraintdef(c.oid) AS text,
       (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = c.conkey[2]) AS column
     FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
     WHERE c.contype = 'f' AND cardinality(c.conkey) = 2 AND t.relnamespace = 'public'::regnamespace
     ORDER BY 1, 2`,
  );
  for (const { table, name, column, target, text } of rows) {
    // The logs' triggers refuse any change of an entry before its keys are looked at.
    if (table.startsWith('audit_')) continue;
    if (!attacker.rows.get(table)?.length || !victim.rows.get(target)?.length) continue;
    walls.push({
      name: `tenant in the key ${table}.${column}`,
      found: 'leak',
      table,
      as: 'tenant',
      remove: `ALTER TABLE ${quoted(table)} DROP CONSTRAINT ${quoted(name)}`,
      restore: `ALTER TABLE ${quoted(table)} ADD CONSTRAINT ${quoted(name)} ${text} NOT VALID`,
    });
  }
  return walls;
}

const VERIFY = 'packages/identity/src/verify.ts';
const IDENTIFY = 'apps/backend/src/http/identify.ts';
const ADDRESS = 'apps/backend/src/packages/address.ts';
const CONTENT = 'apps/backend/src/packages/serve.ts';
const INSTANCE_ORIGIN = 'apps/lms/server/origin.ts';
const HUB_ORIGIN = 'apps/hub/src/lib/server/origin.ts';
const SIGNATURE = 'packages/billing/src/signature.ts';
const change = (file: string, find: string, replace: string): Mutation => ({ file, find, replace });
/** A reader of tokens that looks at no signature. */
const BELIEVING = [
  change(VERIFY, 'await jwtVerify(', 'await believe('),
  change(
    VERIFY,
    'export class IdentityError extends',
    `const believe = async (token: string, ..._rest: unknown[]): Promise<{ payload: unknown }> =>
       ({ payload: JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) });
     export class IdentityError extends`,
  ),
];

export const codeWalls: readonly CodeWall[] = [
  {
    name: 'signature of a token',
    found: 'believed',
    mutations: BELIEVING,
    identity: 'forged signature',
    operations: ['getMe'],
  },
  {
    name: 'algorithm of a token',
    found: 'believed',
    mutations: [
      ...BELIEVING,
      change(VERIFY, "alg: z.literal('EdDSA')", 'alg: z.string()'),
      change(VERIFY, '[\\w-]{86}$', '[\\w-]*$'),
    ],
    identity: 'no algorithm',
    operations: ['getMe'],
  },
  {
    name: 'audience of a token',
    found: 'believed',
    mutations: [
      change(VERIFY, "      audience: 'backend',\n", ''),
      change(VERIFY, "aud: z.literal('backend')", 'aud: z.string()'),
    ],
    identity: 'token for another audience',
    operations: ['getMe'],
  },
  {
    name: 'end of a token',
    found: 'believed',
    mutations: [change(VERIFY, 'CLOCK_TOLERANCE_SECONDS = 60', 'CLOCK_TOLERANCE_SECONDS = 86_400')],
    identity: 'expired token',
    operations: ['getMe'],
  },
  {
    name: 'ten minutes of a token',
    found: 'believed',
    mutations: [change(VERIFY, 'MAX_AGE_SECONDS = 600', 'MAX_AGE_SECONDS = 86_400')],
    identity: 'token of an hour',
    operations: ['getMe'],
  },
  {
    name: 'tenant of an instance’s key',
    found: 'believed',
    mutations: [change(VERIFY, 'if (claims.tenant !== owner.tenant)', 'if (!claims.tenant)')],
    identity: 'own key, victim’s tenant',
    operations: ['getMe'],
  },
  {
    name: 'issuer of a key',
    found: 'believed',
    mutations: [change(VERIFY, '      issuer: owner.issuer,\n', '')],
    identity: 'own key, the hub’s name',
    operations: ['listOutbox', 'checkSubdomain'],
  },
  {
    name: 'release of a key',
    found: 'believed',
    mutations: [change(VERIFY, 'claims.release !== owner.release', 'claims.release === undefined')],
    identity: 'token of another release',
    operations: ['getMe'],
  },
  {
    name: 'revocation of a key',
    found: 'believed',
    mutations: [
      change(
        'apps/backend/src/instances/keys.ts',
        'AND k.revoked_at IS NULL AND i.tenant_id',
        'AND i.tenant_id',
      ),
    ],
    identity: 'revoked key',
    operations: ['getMe'],
  },
  {
    name: 'suspension of an instance',
    found: 'believed',
    mutations: [change('apps/backend/src/instances/keys.ts', "i.wanted = 'running' OR", 'true OR')],
    identity: 'suspended instance',
    operations: ['getSite'],
  },
  {
    name: 'session and tenant belong together',
    found: 'believed',
    mutations: [change(IDENTIFY, '? scope.tenantId :', "? '' :")],
    identity: 'victim’s session at another door',
    operations: ['getSettings'],
  },
  {
    name: 'end of a session',
    found: 'believed',
    mutations: [change('apps/backend/src/authentication/session.ts', 's.expires_at > now() AND ', '')],
    identity: 'ended session',
    operations: ['getMe'],
  },
  {
    name: 'binding of the tenant to each statement',
    found: 'believed',
    mutations: [
      change(
        'apps/backend/src/database/boundQuery.ts',
        "set_config('app.tenant_id', $1, true)",
        "set_config('app.tenant_id', coalesce(nullif(current_setting('app.tenant_id', true), ''), $1), false)",
      ),
    ],
    identity: 'victim’s session at another door',
    operations: ['getMe'],
  },
  {
    name: 'policy of an attempt',
    found: 'leak',
    mutations: [
      change(
        'apps/backend/src/policies/attempt.ts',
        'viewer?.id === attempt.userId',
        'attempt.userId !== ""',
      ),
    ],
    identity: 'learner within the victim’s tenant',
    operations: ['getAttempt'],
  },
  {
    name: 'membership of an organisation',
    found: 'leak',
    mutations: [
      change(
        'apps/backend/src/organisations/membership.ts',
        'm.organisation_id = $1 AND m.account_id = $2`',
        'm.organisation_id = $1 AND $2::uuid IS NOT NULL`',
      ),
    ],
    identity: 'account of another organisation',
    operations: ['getOrganisation', 'listMembers', 'getBilling'],
  },
  {
    name: 'consent to support',
    found: 'change',
    mutations: [
      change(
        'apps/backend/src/support/session.ts',
        "if (!active) refuse('state-forbids');\n    const token",
        'const token',
      ),
    ],
    identity: 'staff without consent',
    operations: ['openSupportSession'],
  },
  {
    name: 'answers of a quiz',
    found: 'leak',
    mutations: [
      change(
        'apps/backend/src/assessment/present.ts',
        "unit: question.type === 'numeric' ? question.unit : ''",
        'unit: JSON.stringify(question)',
      ),
    ],
    identity: 'learner within the victim’s tenant',
    operations: ['getAttempt', 'startAttempt'],
  },
  {
    name: 'secrets behind generic reading',
    found: 'leak',
    mutations: [
      change(
        'apps/backend/src/collections/tenant/fields.ts',
        'hidden: true,\n  access: { read: () => false },',
        '',
      ),
    ],
    identity: 'administrator within the victim’s tenant',
    collections: ['users'],
  },
  {
    name: 'signature of a file’s address',
    found: 'leak',
    mutations: [change(ADDRESS, '!timingSafeEqual(own, given)', 'false')],
    identity: 'anonymous',
    door: 'content',
  },
  {
    name: 'end of a file’s address',
    found: 'leak',
    mutations: [change(ADDRESS, 'if (known.e * 1000 <= now) return null;', '')],
    identity: 'anonymous',
    door: 'content',
  },
  {
    name: 'session behind a file’s address',
    found: 'leak',
    mutations: [change(CONTENT, 's.expires_at > now() AND', '')],
    identity: 'anonymous',
    door: 'content',
  },
  {
    name: 'suspension behind a file’s address',
    found: 'leak',
    mutations: [change(CONTENT, "AND t.state <> 'suspended'", '')],
    identity: 'anonymous',
    door: 'content',
  },
  {
    name: 'platform of a file’s address',
    found: 'believed',
    mutations: [change(CONTENT, 'permitted?.slug !== slug', '!permitted')],
    identity: 'anonymous',
    door: 'content',
  },
  {
    name: 'owner of an upload',
    found: 'tells',
    mutations: [
      change('apps/backend/src/uploads/upload.ts', 'AND u.started_by_id = $2`', 'AND $2::uuid IS NOT NULL`'),
    ],
    identity: 'trainer within the victim’s tenant',
    door: 'uploads',
  },
  {
    name: 'origin of a change at an instance',
    found: 'believed',
    mutations: [change(INSTANCE_ORIGIN, 'if (origin === instance.platformUrl)', 'if (origin)')],
    identity: 'page of another origin',
    door: 'edge',
  },
  {
    name: 'origin of a hand-off',
    found: 'believed',
    mutations: [change(INSTANCE_ORIGIN, '&& origin === instance.publicUrl', '')],
    identity: 'page of another origin',
    door: 'edge',
  },
  {
    name: 'origin of a page that hides it',
    found: 'believed',
    mutations: [change(INSTANCE_ORIGIN, "&& site === 'same-origin'", '')],
    identity: 'page of another origin',
    door: 'edge',
  },
  {
    name: 'origin of a change at the hub',
    found: 'believed',
    mutations: [change(HUB_ORIGIN, 'if (from === here)', 'if (from)')],
    identity: 'page of another origin',
    door: 'edge',
  },
  {
    name: 'signature of a provider’s event',
    found: 'believed',
    mutations: [change(SIGNATURE, 'if (!genuine)', 'if (genuine === undefined)')],
    identity: 'page of another origin',
    door: 'edge',
  },
  {
    name: 'nobody fetches an address that somebody typed',
    found: 'fetched',
    mutations: [
      change(
        'apps/backend/src/http/server.ts',
        '    const body = await bodyOf(operation, request, locale);\n',
        `    const body = await bodyOf(operation, request, locale);
         for (const [url] of JSON.stringify(body ?? '').matchAll(/http:[^"]+/g)) void fetch(url).catch(() => {});\n`,
      ),
    ],
    identity: 'anonymous',
    operations: ['updateMe', 'register'],
    door: 'outbound',
  },
  {
    name: 'age of a provider’s event',
    found: 'believed',
    mutations: [change(SIGNATURE, 'AGE_LIMIT_SECONDS = 300', 'AGE_LIMIT_SECONDS = 86_400')],
    identity: 'page of another origin',
    door: 'edge',
  },
];

/** @returns what the attack finds first while the wall is away */
export async function tryWithoutSql(world: World, wall: SqlWall): Promise<Trial> {
  const { client, database } = world;
  const nothing: ApiDocument = { operations: [], resolve: (schema) => schema, root: {}, raw: null };
  const attack = new Attack(world, nothing, [], WHOLE, wall.found);
  await client.query(wall.remove);
  try {
    const url = wall.as === 'owner' ? database.ownerUrl : database.tenantUrl;
    await untilFound(attackSql(attack, url, (table) => table === wall.table));
  } finally {
    await client.query(wall.restore);
  }
  return trialOf(wall, attack);
}

/** @returns what the attack finds first at a backend, or at a door before it, that lacks the wall */
export async function tryWithoutCode(world: World, wall: CodeWall): Promise<Trial> {
  const { target } = world;
  if (wall.door === 'edge') {
    const attack = await Attack.prepare(world, WHOLE, wall.found);
    await untilFound(attackEdge(attack, wall.mutations));
    return trialOf(wall, attack);
  }
  const backend = await world.another(wall.mutations);
  world.target = backend;
  try {
    const attack = await Attack.prepare(world, WHOLE, wall.found);
    await untilFound(enter(attack, wall));
    return trialOf(wall, attack);
  } finally {
    world.target = target;
    await backend.stop();
  }
}

async function enter(attack: Attack, { identity, operations, collections, door }: CodeWall): Promise<void> {
  const identities = attack.identities.filter(({ name }) => name === identity);
  if (identities.length === 0) throw new Error(`nobody is called “${identity}”`);
  if (door === 'outbound') return attackOutbound(attack, ({ id }) => operations?.includes(id) ?? true);
  if (door === 'content') await attackContent(attack);
  if (door === 'uploads') await attackUploads(attack, identities);
  if (operations)
    await attack.run({
      reach: false,
      identities: (name) => name === identity,
      operations: ({ id }) => operations.includes(id),
    });
  const doors = collections?.map((slug) => `collections/${slug}`);
  if (doors) await attackGeneric(attack, identities, { only: (operation) => doors.includes(operation) });
}

async function untilFound(attack: Promise<unknown>): Promise<void> {
  await attack.catch((error: unknown) => {
    if (!(error instanceof Found)) throw error;
  });
}

function trialOf({ name, found }: Named, { report }: Attack): Trial {
  return {
    wall: name,
    probes: report.probes,
    findings: report.findings.filter(({ kind }) => kind === found),
  };
}
