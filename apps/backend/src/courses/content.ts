import type { RichText } from '@preau/contract/tenant/content';
import { LRUCache } from 'lru-cache';
import type { Db } from '../database/db.ts';
import { tenantOf } from '../database/tenant.ts';

/** Lessons of published versions never change; the ones read last are kept, up to this size as JSON text. */
const KEPT_BYTES = 64 * 1024 * 1024;
const kept = new LRUCache<string, { content: RichText | null; bytes: number }>({
  maxSize: KEPT_BYTES,
  sizeCalculation: ({ bytes }) => Math.max(1, bytes),
});

/**
 * What a lesson says. Ask only for somebody who may read it.
 * @param frozen whether it belongs to a published version
 */
export async function loadContent(db: Db, activityId: string, frozen: boolean): Promise<RichText | null> {
  const key = `${tenantOf(db)}/${activityId}`;
  const known = frozen ? kept.get(key) : undefined;
  if (known) return known.content;
  const row = await db.maybe<{ content: RichText | null; bytes: number }>(READ, [activityId]);
  if (row && frozen) kept.set(key, row);
  return row?.content ?? null;
}

const READ = `
SELECT a.content, coalesce(octet_length(a.content::text), 0) AS bytes FROM activities a WHERE a.id = $1`;
