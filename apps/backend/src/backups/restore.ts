import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../app.ts';
import { record } from '../audit/record.ts';
import { fileKey, storeKey } from '../files/key.ts';
import type { FileStore } from '../files/store.ts';
import { bringBack, RestoreError, requireKnownSchema } from './bringBack.ts';
import type { FileEntry, Manifest } from './manifest.ts';
import { type Backups, recallTo } from './place.ts';
import { readManifest } from './take.ts';

type Keeping = Pick<App, 'db' | 'files'>;

interface Restore {
  /** Its row in `restores`: a job that begins anew finds what it had done by it. */
  id: string;
  /** Whose rows are replaced. */
  tenantId: string;
  /** The backup, and whose it is: another tenant's becomes a copy with ids of its own. */
  backup: { id: string; tenantId: string };
}

/**
 * Makes a tenant what it was at a backup. Files first, beside those that are there; then all rows in one
 * transaction: whoever looks sees the former state or the restored one, and a failure leaves the former.
 */
export async function restore(
  app: Keeping,
  backups: Backups,
  { id, tenantId, backup }: Restore,
  progress: (percent: number) => Promise<void>,
): Promise<Manifest> {
  const kept = await readManifest(backups, backup.tenantId, backup.id);
  requireKnownSchema(kept);
  const db = app.db({ kind: 'tenant', tenantId });
  // Its process ended before it could say so: what has come back since then is not written over.
  if (await db.maybe(DONE, [id])) return kept;
  await bringFilesBack(app.files, backups, kept, tenantId, (share) => progress(Math.round(share * 60)));
  await progress(60);
  await db.transaction(async (tx) => {
    await bringBack(tx, backups, kept);
    // Their files are gone, and the processes that read them too.
    await tx.query(INTERRUPT_IMPORTS, [JSON.stringify({ code: 'internal', file: '' })]);
    await record(tx, {
      action: 'platform.restored',
      target: backup.id,
      details: {
        restoreId: id,
        takenAt: kept.takenAt,
        sourceTenant: kept.tenantId === tenantId ? undefined : kept.tenantId,
        logSeq: kept.logHead?.seq,
        logHash: kept.logHead?.hash,
      },
    });
  });
  return kept;
}

/** Puts the files of a backup beside those that are there. */
export async function bringFilesBack(
  store: FileStore,
  backups: Backups,
  kept: Manifest,
  tenantId: string,
  progress: (share: number) => Promise<void>,
): Promise<void> {
  for (const [index, file] of kept.files.entries()) {
    await bringFileBack(store, backups, file, file.key.replace(kept.tenantId, tenantId));
    await progress((index + 1) / kept.files.length);
  }
}

async function bringFileBack(store: FileStore, backups: Backups, file: FileEntry, at: string): Promise<void> {
  const key = fileKey(at);
  if ((await store.size(key)) === file.bytes) return;
  const folder = await mkdtemp(join(backups.staging, 'restore-'));
  try {
    const path = join(folder, 'file');
    const { sha256 } = await recallTo(backups, storeKey(file.copy), path);
    if (sha256 !== file.sha256) throw new RestoreError(`The file ${file.key} is not the one that was kept.`);
    await store.put(key, { path });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const DONE = `
SELECT 1 FROM audit_entries e WHERE e.action = 'platform.restored' AND e.details::jsonb ->> 'restoreId' = $1`;
const INTERRUPT_IMPORTS = `
UPDATE imports SET state = 'failed', error = $1, finished_at = now(), updated_at = now()
WHERE state IN ('queued', 'running')`;
