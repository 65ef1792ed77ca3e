import { platformCollections } from '../collections/platform/index.ts';
import { tenantCollections } from '../collections/tenant/index.ts';

/** The roles that serve requests; `roles.ts` makes them. */
export const TENANT_ROLE = 'preau_tenant';
export const PLATFORM_ROLE = 'preau_platform';
/** Reads the rows of the tenant that it is bound to, for backups; it may change nothing. */
export const BACKUP_ROLE = 'preau_backup';

/** The table of a collection, as Payload names it. */
export function tableOf(slug: string): string {
  return slug.replace(/-/g, '_').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Tables of Payload itself: no serving role may touch them. */
const INTERNAL = /^payload_/;

/** What a tenant's role may do on platform tables; anything else there is denied. */
export const TENANT_ON_PLATFORM = {
  /** Its own row: name, limits, whether it is read-only. */
  tenants: { privilege: 'SELECT', condition: 'id = (SELECT current_tenant_id())' },
  /** Mails go out in its name; it cannot read them back. */
  mails: { privilege: 'INSERT', condition: 'tenant_id = (SELECT current_tenant_id())' },
} as const satisfies Record<string, { privilege: 'SELECT' | 'INSERT'; condition: string }>;

/**
 * Relations that hold what people did: what they point to cannot be deleted under them. Every other required
 * relation deletes with its target, every optional one is emptied.
 */
export const RETAINED = new Set([
  'enrolments.course_id',
  'enrolments.course_version_id',
  'progress.activity_id',
  'attempts.activity_id',
  'responses.question_id',
  'credentials.enrolment_id',
]);

const tenantTables = new Set(tenantCollections.map(({ slug }) => tableOf(slug)));
const platformTables = new Set(platformCollections.map(({ slug }) => tableOf(slug)));

export type TableKind = 'tenant' | 'platform' | 'internal';

/** Whose rows a collection's table holds; undefined where nobody declared it. */
export function declaredKind(table: string): TableKind | undefined {
  if (tenantTables.has(table)) return 'tenant';
  if (platformTables.has(table)) return 'platform';
  return INTERNAL.test(table) ? 'internal' : undefined;
}
