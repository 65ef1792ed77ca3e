import type { Locale } from '@preau/contract';
import { entitlements } from '@preau/contract/platform/plans';
import type { Storage } from '@preau/contract/tenant/assets';
import type { Db } from '../database/db.ts';
import { tenantOf } from '../database/tenant.ts';
import { refuse } from '../http/problem.ts';

const MEBIBYTE = 1024 * 1024;
const SMALLEST_PLAN_MEBIBYTES = 10 * 1024;
/** From here on people are told that space runs out. */
const NEAR = 0.8;

const limits = entitlements.pick({ storageMegabytes: true, fileMegabytes: true, fileKinds: true }).extend({
  storageMegabytes: entitlements.shape.storageMegabytes.default(SMALLEST_PLAN_MEBIBYTES),
});

/** Space used and what the plan, with its add-ons, allows. */
export async function readStorage(db: Db): Promise<Storage> {
  const { granted, used } = await db.one<{ granted: unknown; used: number }>(READ);
  const plan = limits.parse(granted);
  const limitBytes = plan.storageMegabytes * MEBIBYTE;
  return {
    usedBytes: used,
    limitBytes,
    level: used >= limitBytes ? 'full' : used >= limitBytes * NEAR ? 'near' : 'fine',
    fileBytes: Math.min(plan.fileMegabytes * MEBIBYTE, limitBytes),
    kinds: plan.fileKinds,
  };
}

/**
 * Does work that takes space, in a transaction that no other of the tenant's runs beside: uploads at once cannot
 * exceed the plan together.
 * @param bytes what is added; nothing is refused where that is nothing
 * @throws Problem `storage-full`
 */
export function takeSpace<T>(
  db: Db,
  bytes: number,
  locale: Locale,
  work: (tx: Db) => Promise<T>,
): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('storage:' || $1, 0))`, [tenantOf(tx)]);
    await requireSpace(tx, bytes, locale);
    return work(tx);
  });
}

/** Refuses what cannot fit before it is written to the store. @throws Problem `storage-full` */
export async function requireSpace(db: Db, bytes: number, locale: Locale): Promise<void> {
  if (bytes === 0) return;
  const { usedBytes, limitBytes } = await readStorage(db);
  if (usedBytes + bytes > limitBytes) {
    refuse('storage-full', {
      left: amount(Math.max(0, limitBytes - usedBytes), locale),
      limit: amount(limitBytes, locale),
    });
  }
}

const UNITS: Record<Locale, string[]> = {
  fr: ['octets', 'Ko', 'Mo', 'Go', 'To'],
  en: ['bytes', 'KB', 'MB', 'GB', 'TB'],
};

/** Bytes for people: `1,5 Go`. */
export function amount(bytes: number, locale: Locale): string {
  const step = bytes < 1024 ? 0 : Math.min(4, Math.floor(Math.log2(bytes) / 10));
  const number = (bytes / 1024 ** step).toLocaleString(locale, { maximumFractionDigits: step < 2 ? 0 : 1 });
  return `${number} ${UNITS[locale][step]}`;
}

/** The same bytes count once, sizes of pictures that we make do not count, files on their way count whole. */
const READ = `
SELECT t.entitlements AS granted, (
  (SELECT coalesce(sum(k.bytes), 0) FROM (
    SELECT DISTINCT ON (a.checksum) a.bytes FROM assets a WHERE a.scan <> 'infected') k)
  + (SELECT coalesce(sum(p.bytes), 0) FROM content_packages p)
  + (SELECT coalesce(sum(u.bytes), 0) FROM uploads u WHERE u.result IS NULL AND u.expires_at > now())
)::float8 AS used
FROM tenants t`;
