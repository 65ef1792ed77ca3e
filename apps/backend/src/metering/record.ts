import type { MeterSample } from '@preau/contract/platform/metering';
import type { Db } from '../database/db.ts';

/**
 * Stores a minute of the fleet; what is stored already stays. Storage and database are as last looked at, mails are
 * counted here: they leave from this process.
 * @param minute its beginning
 */
export async function recordMinute(db: Db, minute: string, samples: readonly MeterSample[]): Promise<void> {
  await db.query(RECORD, [minute, JSON.stringify(samples)]);
}

const RECORD = `
WITH minute AS (SELECT date_trunc('minute', $1::timestamptz) AS at), mailed AS (
  SELECT m.tenant_id, count(*) AS mails FROM mails m, minute
  WHERE m.created_at >= minute.at AND m.created_at < minute.at + interval '1 minute' AND m.tenant_id IS NOT NULL
  GROUP BY m.tenant_id
)
INSERT INTO meter_minutes (instance_id, at, standing, cpu_seconds, memory_bytes, processes, restarts, requests,
  egress_bytes, server_errors, latency, storage_bytes, database_bytes, mails)
SELECT i.id, minute.at, s.standing::enum_meter_minutes_standing, s."cpuSeconds", s."memoryBytes", s.processes, s.restarts,
  s.requests, s."egressBytes", s."serverErrors", s.latency, l.storage_bytes, l.database_bytes, coalesce(m.mails, 0)
FROM jsonb_to_recordset($2::jsonb) AS s ("instanceId" uuid, standing text, "cpuSeconds" numeric, "memoryBytes" numeric,
  processes numeric, restarts numeric, requests numeric, "egressBytes" numeric, "serverErrors" numeric, latency jsonb)
JOIN instances i ON i.id = s."instanceId"
CROSS JOIN minute
LEFT JOIN meter_levels l ON l.instance_id = i.id
LEFT JOIN mailed m ON m.tenant_id = i.tenant_id
ON CONFLICT (instance_id, at) DO NOTHING`;
