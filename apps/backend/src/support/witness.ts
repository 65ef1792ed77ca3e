import type { Operation, OperationId } from '@preau/contract';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { Problem } from '../http/problem.ts';
import { covers, isSilent } from '../policies/supportScope.ts';
import type { Support } from './session.ts';

interface Logs {
  tenant: Db;
  platform: Db;
}
type Asked = Pick<Operation, 'id' | 'method'>;

/** Refuses what the access of a support session does not cover; the try is written down. @throws Problem `support-scope` */
export async function requireScope(logs: Logs, support: Support, { id }: Asked): Promise<void> {
  if (covers(support, id as OperationId)) return;
  await writeDown(logs, support, 'support.denied', { operation: id });
  throw new Problem('support-scope');
}

/**
 * Writes down what a support session is about to see or do, in the tenant's log and in the platform's: what cannot
 * be written down is not shown.
 */
export async function witness(
  logs: Logs,
  support: Support,
  { id, method }: Asked,
  params: Record<string, string>,
): Promise<void> {
  if (isSilent(id as OperationId)) return;
  await writeDown(logs, support, method === 'GET' ? 'support.viewed' : 'support.acted', {
    ...params,
    operation: id,
  });
}

async function writeDown(
  { tenant, platform }: Logs,
  { accessId }: Support,
  action: 'support.denied' | 'support.viewed' | 'support.acted',
  details: { operation: string },
): Promise<void> {
  await tenant.transaction(async (tx) => {
    await tx.query('UPDATE support_accesses SET last_used_at = now() WHERE id = $1', [accessId]);
    await record(tx, { action, target: accessId, details });
  });
  const tenantId = tenant.scope.kind === 'tenant' ? tenant.scope.tenantId : undefined;
  // Which of the tenant's things it was is told in the tenant's own log only.
  await record(platform, { action, target: accessId, details: { operation: details.operation, tenantId } });
}
