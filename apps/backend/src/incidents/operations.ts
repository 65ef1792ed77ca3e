import { operations, type ResponseOf } from '@preau/contract';
import type { closeIncident } from '@preau/contract/platform/admin';
import { record } from '../audit/record.ts';
import { type Implementation, implement } from '../http/implement.ts';
import { found } from '../http/problem.ts';
import { closeIncidentOf, openIncident } from './report.ts';

type Incident = ResponseOf<typeof closeIncident>;
type Row = Omit<Incident, 'openedAt' | 'closedAt'> & { openedAt: Date; closedAt: Date | null };

const COLUMNS = `n.id, n.instance_id AS "instanceId",
  (SELECT i.slug FROM instances i WHERE i.id = n.instance_id) AS slug, n.kind, n.severity, n.title, n.state,
  n.created_at AS "openedAt", n.closed_at AS "closedAt"`;
const present = (row: Row): Incident => ({
  ...row,
  openedAt: row.openedAt.toISOString(),
  closedAt: row.closedAt?.toISOString() ?? null,
});

export const incidentOperations: Implementation[] = [
  implement(operations.closeIncident, ({ db, params, body }) =>
    db.transaction(async (tx) => {
      const row = found(
        await tx.maybe<Row>(
          `UPDATE incidents n SET state = 'closed', closed_at = coalesce(closed_at, now()), note = $2, updated_at = now()
           WHERE id = $1 RETURNING ${COLUMNS}`,
          [params.incidentId, body.note],
        ),
      );
      await record(tx, {
        action: 'incident.closed',
        target: row.id,
        note: body.note,
      });
      return present(row);
    }),
  ),
  implement(operations.reportIncident, async ({ db, params, body }) => {
    const { state, ...report } = body;
    if (state === 'open') await openIncident(db, { ...report, key: params.key });
    else await closeIncidentOf(db, params.key);
  }),
];
