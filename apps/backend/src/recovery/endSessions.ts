import { record } from '../audit/record.ts';
import type { Circle } from '../authentication/circle.ts';
import { staff } from '../authentication/realm.ts';
import { endSessions, requireConfirmed } from '../authentication/session.ts';
import type { StaffCaller } from '../http/caller.ts';
import { found, refuse } from '../http/problem.ts';

/**
 * Signs an account, or a colleague, out of every device. They may sign in again.
 * @throws Problem `confirmation-needed`, `forbidden` or `not-found`
 */
export async function endHubSessions(
  { db, realm, read }: Circle,
  helper: StaffCaller,
  { personId, reason }: { personId: string; reason: string },
): Promise<void> {
  await requireConfirmed(db, staff, helper.sessionId);
  if (personId === helper.staff.id) refuse('forbidden');
  await db.transaction(async (tx) => {
    found(await read(tx, personId));
    await endSessions(tx, realm, personId, null);
    await record(tx, {
      action: realm.kind === 'account' ? 'account.sessions-ended' : 'staff.sessions-ended',
      target: personId,
      note: reason,
    });
  });
}
