import type { BodyOf } from '@preau/contract';
import type { registerRelease } from '@preau/contract/platform/releases';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { refuse } from '../http/problem.ts';
import { failedBefore } from './current.ts';
import { cancel, lockUnderWay, open } from './underWay.ts';

/** Makes a release known. The same again changes nothing; other bytes under its name are refused. */
export async function register(
  db: Db,
  name: string,
  { digest, minApi, maxApi, notes, builtAt, bytes, rollOut }: BodyOf<typeof registerRelease>,
): Promise<void> {
  await db.transaction(async (tx) => {
    const added = await tx.maybe(
      `INSERT INTO releases (name, digest, min_api, max_api, notes, built_at, bytes) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (name) DO NOTHING RETURNING id`,
      [name, digest, minApi, maxApi, JSON.stringify(notes), builtAt, bytes],
    );
    const known = await tx.one<{ id: string; digest: string; yanked: boolean }>(
      'SELECT id, digest, yanked_at IS NOT NULL AS yanked FROM releases WHERE name = $1 FOR UPDATE',
      [name],
    );
    if (known.digest !== digest) refuse('conflict');
    if (added)
      await record(tx, { action: 'release.published', target: known.id, details: { release: name, digest } });
    if (rollOut && !known.yanked) await bringToAll(tx, { id: known.id, name });
  });
}

/** What a start does with what it was built from: it is what everybody runs, unless it failed there before. */
async function bringToAll(tx: Db, release: { id: string; name: string }): Promise<void> {
  const underWay = await lockUnderWay(tx);
  if (underWay?.releaseId === release.id) return;
  if (underWay) {
    await cancel(tx, underWay);
    await record(tx, {
      action: 'rollout.cancelled',
      target: underWay.id,
      details: { release: underWay.name },
    });
  }
  const lagging = await tx.maybe(
    `SELECT 1 FROM instances i WHERE i.lifecycle NOT IN ('purging', 'purged') AND i.pinned_release IS NULL
       AND i.release IS DISTINCT FROM $1 AND NOT ${failedBefore('$2')} LIMIT 1`,
    [release.name, release.id],
  );
  await tx.query('UPDATE releases SET stable_at = now(), updated_at = now() WHERE id = $1', [release.id]);
  if (!lagging) return;
  const id = await open(tx, release, { pace: 'at-once', soakMinutes: 0 });
  await record(tx, {
    action: 'rollout.started',
    target: id,
    details: { release: release.name, pace: 'at-once' },
  });
}
