import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { challengeStaff, confirmStaff } from './session.ts';

export const staffOperations: Implementation[] = [
  implement(operations.signInStaff, ({ db, body }) => challengeStaff(db, body)),
  implement(operations.confirmStaffCode, ({ db, body, clientAddress }) =>
    confirmStaff(db, body, clientAddress),
  ),
  implement(operations.signOutStaff, async ({ db, caller }) => {
    await db.query('DELETE FROM staff_sessions WHERE id = $1', [caller.sessionId]);
  }),
  implement(operations.getStaff, async ({ caller }) => caller.staff),
];
