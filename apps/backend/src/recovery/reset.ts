import { voidAccountTokens } from '../accounts/accountToken.ts';
import { record } from '../audit/record.ts';
import type { Circle } from '../authentication/circle.ts';
import { hashPassword } from '../authentication/password.ts';
import { staff } from '../authentication/realm.ts';
import { resetFactors } from '../authentication/resetFactors.ts';
import { requireConfirmed } from '../authentication/session.ts';
import type { Visitor } from '../authentication/visitor.ts';
import type { StaffCaller } from '../http/caller.ts';
import { found, refuse } from '../http/problem.ts';
import { newSecret } from '../http/secret.ts';

/**
 * Helps an account, or a colleague, who has lost every second factor. An account's password goes too: its mailbox
 * leads in again, never we. A colleague keeps theirs, and has to set a factor up before anything else (decision 105).
 * @throws Problem `confirmation-needed`, `forbidden`, `not-found` or `state-forbids`
 */
export async function resetHubFactors(
  circle: Circle,
  helper: StaffCaller,
  { personId, reason }: { personId: string; reason: string },
  visitor: Visitor,
): Promise<void> {
  const { db, realm } = circle;
  await requireConfirmed(db, staff, helper.sessionId);
  if (personId === helper.staff.id) refuse('forbidden');
  const password = realm.kind === 'account';
  // Every account has a password: one that nobody knows.
  const unknown = password ? await hashPassword(newSecret()) : undefined;
  await db.transaction(async (tx) => {
    const person = found(await circle.read(tx, personId));
    await resetFactors(tx, realm, personId, unknown);
    if (password) await voidAccountTokens(tx, personId);
    await record(tx, {
      action: password ? 'account.factors-reset' : 'staff.factors-reset',
      target: personId,
      note: reason,
    });
    await circle.tell(tx, person, { type: 'factors-reset', helper: helper.staff.name, password }, visitor);
  });
}
