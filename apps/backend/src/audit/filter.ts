import type { QueryOf } from '@preau/contract';
import type { exportAuditEntries } from '@preau/contract/platform/admin';
import type { exportJournal } from '@preau/contract/tenant/journal';
import type { Db } from '../database/db.ts';
import { likePattern } from '../database/like.ts';
import type { Selection } from './stored.ts';

type Filter = Partial<QueryOf<typeof exportJournal> & QueryOf<typeof exportAuditEntries>>;

/** The entries that a filter leaves, as conditions over `e` whose parameters begin at `$3`. */
export async function selectionOf(
  db: Db,
  platform: Db,
  { action, from, until, person, access, target }: Filter,
): Promise<Selection> {
  const values: unknown[] = [];
  const conditions: string[] = [];
  const add = (condition: (parameter: string) => string, value: unknown) => {
    values.push(value);
    conditions.push(condition(`$${values.length + 2}`));
  };
  if (action?.endsWith('.')) add((p) => `starts_with(e.action, ${p})`, action);
  else if (action) add((p) => `e.action = ${p}`, action);
  if (from) add((p) => `e.at >= (${p}::date)::timestamp AT TIME ZONE 'Europe/Paris'`, from);
  if (until) add((p) => `e.at < (${p}::date + 1)::timestamp AT TIME ZONE 'Europe/Paris'`, until);
  if (access) add((p) => `(e.on_behalf_of = ${p} OR e.target = ${p})`, access);
  if (target) add((p) => `(e.target = ${p} OR e.details LIKE '%"' || ${p} || '"%')`, target);
  if (person) add((p) => `e.actor = ANY (${p}::text[])`, await peopleLike(db, platform, person));
  return { where: conditions.join(' AND ') || 'true', values };
}

const MAX_PEOPLE = 200;

/** Ids of the people whose name or address holds a text. */
async function peopleLike(db: Db, platform: Db, text: string): Promise<string[]> {
  const pattern = likePattern(text);
  const staff = platform.query<{ id: string }>(like('staff'), [pattern, MAX_PEOPLE]);
  // On a platform, accounts of other customers are nobody.
  const own = db.query<{ id: string }>(like(db.scope.kind === 'tenant' ? 'users' : 'accounts'), [
    pattern,
    MAX_PEOPLE,
  ]);
  return (await Promise.all([staff, own])).flat().map(({ id }) => id);
}

const like = (table: string) =>
  `SELECT p.id FROM ${table} p WHERE p.name ILIKE $1 OR p.email ILIKE $1 LIMIT $2`;
