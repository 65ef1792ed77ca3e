import type { Db } from '../database/db.ts';
import type { StoredEntry } from './stored.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Of one entry: an entry that lists hundreds of people is told by their number. */
const MAX_IDS = 20;

function idsIn(value: unknown): string[] {
  if (typeof value === 'string') return UUID.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(idsIn).slice(0, MAX_IDS);
}

/** The ids that an entry names: whoever acted, what it was done to, and what its details hold. */
export function idsOf({
  actor,
  target,
  onBehalfOf,
  details,
}: Omit<StoredEntry, 'details'> & { details: unknown }): string[] {
  return [actor, target, onBehalfOf]
    .filter((id) => id !== null && UUID.test(id))
    .concat(idsIn(details)) as string[];
}

/**
 * What is known by these ids now. People who are gone have no name any more: that is how a log that nobody can
 * change forgets somebody.
 */
export async function namesOf(db: Db, platform: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const unique = [...new Set(ids)];
  type Named = { id: string; name: string };
  const found =
    db.scope.kind === 'tenant'
      ? await Promise.all([
          db.query<Named>(TENANT, [unique]),
          // Staff, and the customer's own accounts: only those ids that the log itself holds.
          platform.query<Named>(PEOPLE, [unique]),
        ])
      : await Promise.all([platform.query<Named>(`${PEOPLE} UNION ALL ${PLATFORM}`, [unique])]);
  return new Map(found.flat().map(({ id, name }) => [id, name]));
}

const TENANT = `
SELECT u.id, u.name FROM users u WHERE u.id = ANY ($1::uuid[])
UNION ALL SELECT c.id, c.title FROM courses c WHERE c.id = ANY ($1::uuid[])
UNION ALL SELECT a.id, a.title FROM activities a WHERE a.id = ANY ($1::uuid[])
UNION ALL SELECT i.id, i.email FROM invitations i WHERE i.id = ANY ($1::uuid[])
UNION ALL SELECT r.id, r.name FROM roles r WHERE r.id = ANY ($1::uuid[])
UNION ALL SELECT m.id, m.file_name FROM imports m WHERE m.id = ANY ($1::uuid[])`;
const PEOPLE = `
SELECT s.id, s.name FROM staff s WHERE s.id = ANY ($1::uuid[])
UNION ALL SELECT a.id, a.name FROM accounts a WHERE a.id = ANY ($1::uuid[])`;
const PLATFORM = `
SELECT g.id, g.name FROM organisations g WHERE g.id = ANY ($1::uuid[])
UNION ALL SELECT i.id, i.slug FROM instances i WHERE i.id = ANY ($1::uuid[])
UNION ALL SELECT t.id, t.slug FROM tenants t WHERE t.id = ANY ($1::uuid[])
UNION ALL SELECT o.id, o.slug FROM orders o WHERE o.id = ANY ($1::uuid[])
UNION ALL SELECT n.id, n.title FROM incidents n WHERE n.id = ANY ($1::uuid[])`;
