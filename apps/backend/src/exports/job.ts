import { mkdir, mkdtemp, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locale } from '@preau/contract';
import { hubPages } from '../accounts/hubPages.ts';
import type { App } from '../app.ts';
import { prefixOf, randomKey } from '../files/key.ts';
import { exportReady } from '../mail/hubLetters.ts';
import { house } from '../mail/letter.ts';
import { post } from '../mail/post.ts';
import { Archive, ExportError } from './archive.ts';
import { removeFile } from './remove.ts';
import { writeExport } from './write.ts';

/** An export can be downloaded for so long. */
const KEPT_DAYS = 7;
/** What other work needs on the disk beside the export and its copy in the store. */
const RESERVE_BYTES = 1e9;

interface Row {
  tenantId: string;
  instanceId: string;
  state: string;
  locale: Locale;
  email: string | null;
  accountLocale: Locale | null;
  platform: string;
  tenantState: string;
  [column: string]: unknown;
}

/** The work of a row of `exports`: makes the zip, keeps it for a week, and mails whoever asked for it. */
export async function exportTenant(
  { app }: { app: App },
  exportId: string,
  progress: (percent: number) => Promise<void>,
): Promise<void> {
  const platform = app.db({ kind: 'platform' });
  const row = await platform.maybe<Row>(READ, [exportId]);
  if (!row || row.state === 'succeeded' || row.state === 'failed') return;
  if (row.tenantState === 'purged') throw new ExportError('The platform has been deleted.');
  const { tenantId } = row;
  // One at a time: an earlier one of the same platform makes room.
  const earlier = await platform.query<{ id: string; path: string }>(
    'SELECT id, path FROM exports WHERE tenant_id = $1 AND path IS NOT NULL',
    [tenantId],
  );
  for (const each of earlier) await removeFile(app, each);
  const staging = join(app.settings.DATA_DIR, 'exports-staging');
  await mkdir(staging, { recursive: true, mode: 0o700 });
  await requireRoom(app, staging, tenantId);

  const folder = await mkdtemp(join(staging, 'export-'));
  const path = join(folder, 'export.zip');
  const archive = new Archive(path);
  try {
    const counts = await app.db({ kind: 'tenant', tenantId }).snapshot(async (tx) => {
      await tx.query('SET LOCAL statement_timeout = 0');
      await tx.query('SET LOCAL idle_in_transaction_session_timeout = 0');
      return writeExport(app, tx, archive, row.locale, progress);
    });
    await archive.end();
    const key = randomKey(tenantId, 'exports');
    await app.files.put(key, { path });
    await platform
      .transaction(async (tx) => {
        const noted = await tx.maybe(DONE, [exportId, key, archive.bytes, JSON.stringify(counts), KEPT_DAYS]);
        if (!noted) throw new ExportError('The platform was deleted meanwhile.');
        if (!row.email) return;
        const locale = row.accountLocale ?? row.locale;
        const url = hubPages(app.settings.PREAU_PUBLIC_URL, locale).platform(row.instanceId);
        const letter = exportReady(locale, { url, platform: row.platform, days: KEPT_DAYS });
        // Goes with the tenant: it names the platform.
        await post(tx, { to: row.email, locale, sender: { ...house, tenantId }, letter });
      })
      .catch(async (error: unknown) => {
        await app.files.remove(key);
        throw error;
      });
  } catch (error) {
    archive.abandon();
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws ExportError where the disk would be full */
async function requireRoom(app: App, staging: string, tenantId: string): Promise<void> {
  let bytes = 0;
  for await (const file of app.files.list(prefixOf(tenantId))) bytes += file.bytes;
  const { bavail, bsize } = await statfs(staging);
  if (bavail * bsize < 2 * bytes + RESERVE_BYTES)
    throw new ExportError('There is not enough room on the disk for this export.');
}

const READ = `
SELECT x.tenant_id AS "tenantId", i.id AS "instanceId", x.state::text, x.locale::text, a.email,
  a.locale::text AS "accountLocale", i.name AS platform, t.state::text AS "tenantState"
FROM exports x JOIN tenants t ON t.id = x.tenant_id JOIN instances i ON i.tenant_id = t.id
LEFT JOIN accounts a ON a.id = x.account_id WHERE x.id = $1`;
const DONE = `
UPDATE exports SET state = 'succeeded', percent = 100, path = $2, bytes = $3, counts = $4,
  expires_at = now() + make_interval(days => $5::int), error = NULL, finished_at = now(), updated_at = now()
WHERE id = $1 RETURNING id`;
