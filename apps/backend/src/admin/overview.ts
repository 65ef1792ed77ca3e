import type { operations, ResponseOf } from '@preau/contract';
import type { App } from '../app.ts';
import type { Db } from '../database/db.ts';

type Overview = ResponseOf<typeof operations.adminOverview>;
const DAYS = 30;

/** The fleet at a glance, in one statement. Revenue a month: yearly subscriptions count a twelfth. */
export async function readOverview({ scanner }: Pick<App, 'scanner'>, db: Db): Promise<Overview> {
  const answers = scanner?.version().then(
    () => 'ready' as const,
    () => 'silent' as const,
  );
  const { overview } = await db.one<{ overview: Omit<Overview, 'scanner'> }>(
    `WITH axes AS (SELECT lifecycle::text, power::text, health::text FROM instances WHERE lifecycle <> 'purged'),
     days AS (SELECT generate_series(current_date - ($1::int - 1), current_date, '1 day')::date AS day),
     provisioned AS (
       SELECT extract(epoch FROM finished_at - created_at) AS seconds FROM operations
       WHERE type = 'provision' AND state = 'succeeded' AND created_at > now() - interval '30 days')
     SELECT json_build_object(
       'lifecycle', (SELECT coalesce(json_object_agg(k, n), '{}') FROM (SELECT lifecycle k, count(*) n FROM axes GROUP BY 1) t),
       'power', (SELECT coalesce(json_object_agg(k, n), '{}') FROM (SELECT power k, count(*) n FROM axes GROUP BY 1) t),
       'health', (SELECT coalesce(json_object_agg(k, n), '{}') FROM (SELECT health k, count(*) n FROM axes GROUP BY 1) t),
       'organisations', (SELECT count(*) FROM organisations),
       'accounts', (SELECT count(*) FROM accounts WHERE verified_at IS NOT NULL),
       'monthlyRevenueMinor', (SELECT coalesce(sum(round(o.total_minor / CASE o.interval WHEN 'year' THEN 12 ELSE 1 END)), 0)::bigint
          FROM subscriptions s JOIN orders o ON o.id = s.order_id WHERE s.state IN ('active', 'past_due')),
       'openOperations', (SELECT count(*) FROM operations WHERE state IN ('pending', 'running')),
       'openIncidents', (SELECT count(*) FROM incidents WHERE state = 'open'),
       'pendingInbox', (SELECT count(*) FROM inbox_entries WHERE state = 'pending'),
       'deadInbox', (SELECT count(*) FROM inbox_entries WHERE state = 'dead'),
       'failedMails', (SELECT count(*) FROM mails WHERE state IN ('failed', 'dead')),
       'quarantinedFiles', (SELECT count(*) FROM platform_audit_entries
          WHERE action = 'file.quarantined' AND at > now() - interval '30 days'),
       'signUpsByDay', (SELECT json_agg(json_build_object('day', d.day,
            'accounts', (SELECT count(*) FROM accounts a WHERE a.created_at::date = d.day),
            'instances', (SELECT count(*) FROM instances i WHERE i.created_at::date = d.day)) ORDER BY d.day) FROM days d),
       'provisioningSeconds', (SELECT json_build_object(
            'median', percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds),
            'p95', percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds)) FROM provisioned)) AS overview`,
    [DAYS],
  );
  return { ...overview, scanner: (await answers) ?? 'off' };
}
