import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { challengeStaff, confirmStaff } from './session.ts';

export const staffOperations: Implementation[] = [
  implement(operations.signInStaff, ({ db, app, body }) =>
    challengeStaff(db, app.settings.PAYLOAD_SECRET, body),
  ),
  implement(operations.confirmStaffCode, ({ db, app, body, clientAddress }) =>
    confirmStaff(db, app.settings.PAYLOAD_SECRET, body, clientAddress),
  ),
  implement(operations.signOutStaff, async ({ db, caller }) => {
    await db.query('DELETE FROM staff_sessions WHERE id = $1', [caller.sessionId]);
  }),
  implement(operations.getStaff, async ({ caller }) => caller.staff),
];
