import { postgresAdapter } from '@payloadcms/db-postgres';
import { buildConfig, type CollectionConfig, type SanitizedConfig } from 'payload';
import pg from 'pg';
import type { Logger } from 'pino';
import { closed, type Readable, readableWith } from './collections/access.ts';
import { platformCollections } from './collections/platform/index.ts';
import { tenantCollections } from './collections/tenant/index.ts';
import type { ScopedPool } from './database/pool.ts';
import { signedIn } from './http/signedIn.ts';

/** Where the generic endpoints are served, for tenants' collections only. */
export const COLLECTIONS_PATH = '/v1/collections';
const MAX_DEPTH = 2;
const MAX_COMPLEXITY = 400;

/**
 * Collections whose people sign in. Payload keeps no passwords or sessions of its own: the server has identified
 * the caller before Payload is asked, and `signedIn` hands that over.
 */
function authenticated(collection: CollectionConfig): CollectionConfig {
  return {
    ...collection,
    auth: {
      disableLocalStrategy: true,
      strategies: [
        {
          name: `preau-${collection.slug}`,
          authenticate: () => {
            const user = signedIn();
            return { user: user?.collection === collection.slug ? user : null } as never;
          },
        },
      ],
    },
  };
}

/**
 * What the generic endpoints serve, the permissions that reading it takes, and where a row says whose course it is.
 * A collection that is not here (secrets, jobs, invitations) is served to nobody.
 */
const GENERIC: Record<string, Readable> = {
  courses: { permissions: ['course.read'], own: 'id' },
  courseTrainers: { permissions: ['course.read'], own: 'course' },
  courseVersions: { permissions: ['course.read'], own: 'course' },
  modules: { permissions: ['course.read'], own: 'version.course' },
  activities: { permissions: ['course.read'], own: 'version.course' },
  questions: { permissions: ['question.read-answers'], own: 'version.course' },
  assets: { permissions: ['course.read'] },
  assetUses: { permissions: ['course.read'], own: 'version.course' },
  enrolments: { permissions: ['progress.read'], own: 'course' },
  progress: { permissions: ['progress.read'], own: 'enrolment.course' },
  attempts: { permissions: ['attempt.read', 'question.read-answers'], own: 'activity.version.course' },
  responses: {
    permissions: ['attempt.read', 'question.read-answers'],
    own: 'question.version.course',
  },
  credentials: { permissions: ['progress.read'], own: 'enrolment.course' },
  users: { permissions: ['person.read'] },
  roles: { permissions: ['person.read'] },
  siteSettings: { permissions: ['settings.write'] },
};

function tenantAccess(slug: string): CollectionConfig['access'] {
  const readable = GENERIC[slug];
  return readable ? readableWith(readable) : closed();
}

/**
 * Payload over our two roles. The pool is handed in, so that Payload's statements and ours are bound to a scope
 * by the same code; Payload never opens a connection itself.
 */
export function payloadConfig({
  pool,
  secret,
  migrationDir,
  log,
}: {
  pool: ScopedPool;
  secret: string;
  migrationDir?: string;
  log?: Logger;
}): Promise<SanitizedConfig> {
  const adapter = postgresAdapter({
    pool: {},
    pg,
    idType: 'uuidv7',
    push: false,
    disableCreateDatabase: true,
    ...(migrationDir ? { migrationDir } : {}),
  });
  const common = { lockDocuments: false as const };
  /** Relations name its type, so it must have one. */
  const unqueried = { disableMutations: true as const, disableQueries: true as const };
  return buildConfig({
    secret,
    ...(log ? { logger: log } : {}),
    telemetry: false,
    typescript: { autoGenerate: false },
    admin: { user: 'staff', disable: true },
    routes: { api: COLLECTIONS_PATH },
    graphQL: { maxComplexity: MAX_COMPLEXITY, disablePlaygroundInProduction: true },
    maxDepth: MAX_DEPTH,
    defaultDepth: 0,
    collections: [
      ...platformCollections.map((collection) => ({
        ...(collection.slug === 'staff' ? authenticated(collection) : collection),
        ...common,
        graphQL: unqueried,
        endpoints: false as const,
      })),
      ...tenantCollections.map((collection) => ({
        ...(collection.slug === 'users' ? authenticated(collection) : collection),
        ...common,
        access: tenantAccess(collection.slug),
        custom: { generic: collection.slug in GENERIC },
        graphQL: collection.slug in GENERIC ? { disableMutations: true as const } : unqueried,
      })),
    ],
    db: {
      ...adapter,
      init: (args) => Object.assign(adapter.init(args), { pool }),
    },
  });
}
