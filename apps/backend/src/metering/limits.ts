import type { Locale } from '@preau/contract';
import type { LimitKind, PlanLimit } from '@preau/contract/platform/metering';
import { entitlements } from '@preau/contract/platform/plans';
import { hubPages } from '../accounts/hubPages.ts';
import { amount } from '../assets/space.ts';
import type { Db } from '../database/db.ts';
import { limitReached } from '../mail/hubLetters.ts';
import { house } from '../mail/letter.ts';
import { post } from '../mail/post.ts';

/** From here on customers are told that a limit comes near. */
const NEAR = 0.8;
/** A limit that was told of is told of again once it was this far away. */
const CALM = 0.7;
const MEBIBYTE = 1024 * 1024;

interface Row {
  entitlements: unknown;
  storageBytes: number | null;
  learners: number | null;
  memoryBytes: number | null;
  trafficBytes: number;
  processorHours: number;
  measuredAt: Date | null;
}

/** What a month has used of a column: its written days, and the minutes since. */
const ofThisMonth = (column: 'egress_bytes' | 'cpu_seconds') => `
  coalesce((SELECT sum(d.${column}) FROM meter_days d WHERE d.instance_id = i.id AND d.day >= date_trunc('month', now(), 'UTC')), 0)::float8
  + coalesce((SELECT sum(m.${column}) FROM meter_minutes m WHERE m.instance_id = i.id
      AND m.at >= greatest(date_trunc('month', now(), 'UTC'), (SELECT max(day) + interval '1 day' FROM meter_days))), 0)::float8`;

/** What the last hour used of memory at most, what is kept, and what the month has used. */
const USED = `
SELECT t.entitlements, l.storage_bytes::float8 AS "storageBytes", l.learners::int AS learners, l.measured_at AS "measuredAt",
  (SELECT max(m.memory_bytes)::float8 FROM meter_minutes m WHERE m.instance_id = i.id AND m.at > now() - interval '1 hour') AS "memoryBytes",
  ${ofThisMonth('egress_bytes')} AS "trafficBytes",
  (${ofThisMonth('cpu_seconds')}) / 3600 AS "processorHours"
FROM instances i JOIN tenants t ON t.id = i.tenant_id LEFT JOIN meter_levels l ON l.instance_id = i.id WHERE i.id = $1`;

/** What is used of what a plan limits. What is not limited, or not measured yet, is not listed. */
export async function readLimits(
  db: Db,
  instanceId: string,
): Promise<{ limits: PlanLimit[]; measuredAt: string | null }> {
  const row = await db.one<Row & Record<string, unknown>>(USED, [instanceId]);
  const granted = entitlements.partial().parse(row.entitlements ?? {});
  const limits: [LimitKind, number | null, number | null | undefined][] = [
    ['memory', row.memoryBytes, granted.memoryMegabytes && granted.memoryMegabytes * MEBIBYTE],
    ['storage', row.storageBytes, granted.storageMegabytes && granted.storageMegabytes * MEBIBYTE],
    ['learners', row.learners, granted.learners],
    ['traffic', row.trafficBytes, granted.trafficMegabytes && granted.trafficMegabytes * MEBIBYTE],
    ['processor', row.processorHours, granted.processorHours],
  ];
  return {
    measuredAt: row.measuredAt?.toISOString() ?? null,
    limits: limits.flatMap(([kind, used, limit]) =>
      used === null || !limit ? [] : [{ kind, used, limit, level: levelOf(used / limit) }],
    ),
  };
}

const hours = (value: number, locale: Locale) =>
  value.toLocaleString(locale, {
    style: 'unit',
    unit: 'hour',
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 ? 1 : 0,
  });

const levelOf = (share: number): PlanLimit['level'] =>
  share >= 1 ? 'full' : share >= NEAR ? 'near' : 'fine';

/**
 * Tells an instance's customer, by one mail a limit and level, that a limit comes near or is reached. Whoever falls
 * well below it is told again the next time.
 */
export async function tellLimits(db: Db, publicUrl: string, instanceId: string): Promise<void> {
  const { limits } = await readLimits(db, instanceId);
  for (const { kind, used, limit, level } of limits) {
    if (used / limit < CALM) {
      await db.query('DELETE FROM limit_notices WHERE instance_id = $1 AND kind = $2', [instanceId, kind]);
      continue;
    }
    if (level === 'fine') continue;
    await db.transaction(async (tx) => {
      const first = await tx.maybe(
        `INSERT INTO limit_notices (instance_id, kind, level) VALUES ($1, $2, $3)
         ON CONFLICT (instance_id, kind, level) DO NOTHING RETURNING id`,
        [instanceId, kind, level],
      );
      if (!first) return;
      const people = await tx.query<{ email: string; locale: Locale; name: string }>(
        `SELECT a.email, a.locale, i.name FROM instances i
         JOIN organisation_members m ON m.organisation_id = i.organisation_id AND m.role IN ('owner', 'administrator')
         JOIN accounts a ON a.id = m.account_id WHERE i.id = $1 AND i.lifecycle = 'live'`,
        [instanceId],
      );
      for (const { email, locale, name } of people) {
        const words = (value: number) => {
          if (kind === 'learners') return value.toLocaleString(locale);
          return kind === 'processor' ? hours(value, locale) : amount(value, locale);
        };
        const letter = limitReached(locale, {
          kind,
          level,
          name,
          used: words(used),
          limit: words(limit),
          url: `${hubPages(publicUrl, locale).portal}/platforms/${instanceId}`,
        });
        await post(tx, { to: email, locale, sender: house, letter });
      }
    });
  }
}
