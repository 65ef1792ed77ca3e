import { createReadStream } from 'node:fs';
import type { Locale } from '@preau/contract';
import type { App } from '../app.ts';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { tenantOf } from '../database/tenant.ts';
import { contentKey, fileKey } from '../files/key.ts';
import { refuse } from '../http/problem.ts';
import { post } from '../mail/post.ts';
import { fileSetAside } from '../mail/tenantLetters.ts';
import { correspondenceOf } from '../users/correspondence.ts';
import type { Keeping } from './store.ts';

/** A scanner that takes longer is asked again later; the file waits meanwhile. */
const SCAN_MS = 20_000;
/** After so many hours without a verdict a file is `failed`; it is asked about again all the same. */
const PATIENCE = "interval '6 hours'";
/** Of one tenant in one round. */
const AT_ONCE = 50;

/**
 * Asks the scanner, where there is one. `pending` where it reached no verdict in time: see scanWaiting.
 * @throws Problem `file-infected`, once the file is set aside and the finding written down
 */
export async function scanFile(
  app: Keeping,
  db: Db,
  file: { path: string; checksum: string; uploadedBy: string | null },
): Promise<'unscanned' | 'clean' | 'pending'> {
  if (!app.scanner) return 'unscanned';
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, SCAN_MS, null);
  });
  const verdict = await Promise.race([app.scanner.scan(createReadStream(file.path)), late])
    .catch((err: unknown) => {
      app.log.warn({ err }, 'the virus scanner reached no verdict, asking again later');
      return null;
    })
    .finally(() => clearTimeout(timer));
  if (!verdict) return 'pending';
  if (verdict.state === 'clean') return 'clean';
  const tenantId = tenantOf(db);
  await app.files.put(contentKey(tenantId, file.checksum, '', 'quarantine'), { path: file.path });
  await recordFinding(app, tenantId, { ...file, threat: verdict.threat });
  return refuse('file-infected', { threat: verdict.threat });
}

/** Asks the scanner about the tenant's files that wait for a verdict, and about those from before there was one. */
export async function scanWaiting(app: App, db: Db): Promise<void> {
  const { scanner } = app;
  if (!scanner) return;
  for (const row of await db.query<Waiting>(WAITING)) {
    try {
      const verdict = await scanner.scan(await app.files.open(fileKey(row.path)));
      if (verdict.state === 'clean') await db.query(CLEARED, [row.checksum]);
      else await setAside(app, db, row, verdict.threat);
    } catch (err) {
      app.log.warn({ err }, 'the virus scanner reached no verdict, asking again later');
      await db.query(GIVE_UP, [row.checksum]);
      return;
    }
  }
}

async function setAside(app: App, db: Db, file: Waiting, threat: string): Promise<void> {
  const tenantId = tenantOf(db);
  const bytes = await app.files.read(fileKey(file.path));
  await app.files.put(contentKey(tenantId, file.checksum, '', 'quarantine'), { bytes });
  const senders = await db.transaction(async (tx) => {
    const from = await correspondenceOf(tx, app.settings.PREAU_PUBLIC_URL);
    const told = await tx.query<FoundIn>(INFECTED, [file.checksum, threat]);
    for (const each of told) await tellSender(tx, from, each, threat);
    return told;
  });
  await app.files.remove(fileKey(file.path));
  for (const { key } of file.variants ?? []) await app.files.remove(fileKey(key));
  const [first] = senders;
  await recordFinding(app, tenantId, { ...file, threat, uploadedBy: first?.uploadedBy ?? null });
}

/** A letter to whoever sent a file in which a virus was found later. */
export async function tellSender(
  tx: Db,
  from: Awaited<ReturnType<typeof correspondenceOf>>,
  { name, email, locale }: Pick<FoundIn, 'name' | 'email' | 'locale'>,
  threat: string,
): Promise<void> {
  if (!email) return;
  const { address, platform, sender } = from;
  const letter = fileSetAside(locale, { url: `${address}/studio`, platform, file: name, threat });
  await post(tx, { to: email, locale, sender, letter });
}

/** Writes a finding into both logs. */
export async function recordFinding(
  app: Keeping,
  tenantId: string,
  found: { checksum: string; threat: string; uploadedBy: string | null },
): Promise<void> {
  const { checksum, threat, uploadedBy } = found;
  const details = { checksum, threat, uploadedBy };
  await record(app.db({ kind: 'tenant', tenantId }), { action: 'file.quarantined', details });
  await record(app.db({ kind: 'platform' }), { action: 'file.quarantined', target: tenantId, details });
}

interface Waiting extends Record<string, unknown> {
  checksum: string;
  path: string;
  variants: { key: string }[] | null;
}

/** What a finding was in, and whose it was. */
export interface FoundIn extends Record<string, unknown> {
  name: string;
  uploadedBy: string | null;
  email: string | null;
  locale: Locale;
}

/** What is served already, since it came before the scanner, can wait longest. */
const WAITING = `
SELECT w.checksum, w.path, w.variants FROM (
  SELECT DISTINCT ON (a.checksum) a.checksum, a.path, a.variants, a.scan
  FROM assets a WHERE a.scan IN ('unscanned', 'pending', 'failed') ORDER BY a.checksum
) w ORDER BY w.scan = 'unscanned' LIMIT ${AT_ONCE}`;
const CLEARED = `
UPDATE assets SET scan = 'clean', scanned_at = now(), updated_at = now() WHERE checksum = $1`;
const INFECTED = `
WITH found AS (
  UPDATE assets SET scan = 'infected', threat = $2, scanned_at = now(), updated_at = now() WHERE checksum = $1
  RETURNING name, uploaded_by_id
)
SELECT f.name, f.uploaded_by_id AS "uploadedBy", u.email, coalesce(u.locale::text, 'fr') AS locale
FROM found f LEFT JOIN users u ON u.id = f.uploaded_by_id AND u.status = 'active'`;
const GIVE_UP = `
UPDATE assets SET scan = 'failed', updated_at = now()
WHERE checksum = $1 AND scan = 'pending' AND created_at < now() - ${PATIENCE}`;
