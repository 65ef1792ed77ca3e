import { operations } from '@preau/contract';
import type { App } from '../app.ts';
import { record } from '../audit/record.ts';
import { renamePasskey } from '../authentication/passkeys.ts';
import * as security from '../authentication/security.ts';
import { endSession, endSessions } from '../authentication/session.ts';
import { beginPasskeySignIn, enterByPasskey } from '../authentication/signIn.ts';
import type { Visitor } from '../authentication/visitor.ts';
import type { Db } from '../database/db.ts';
import type { StaffCaller } from '../http/caller.ts';
import { type Implementation, implement } from '../http/implement.ts';
import { staffCircle } from './circle.ts';
import { beginEnrolment, challengeStaff, confirmStaff, enrolPasskey, presentStaff } from './signIn.ts';

const circleOf = ({ db, app }: { db: Db; app: App }) => staffCircle(db, app.settings);
const signed = ({ caller, visitor }: { caller: StaffCaller; visitor: Visitor }): security.Signed => ({
  personId: caller.staff.id,
  sessionId: caller.sessionId,
  visitor,
});

const signingIn: Implementation[] = [
  implement(operations.signInStaff, (given) => challengeStaff(circleOf(given), given.body, given.visitor)),
  implement(operations.confirmStaffCode, (given) => confirmStaff(circleOf(given), given.body, given.visitor)),
  implement(operations.beginStaffPasskeySignIn, (given) =>
    beginPasskeySignIn(circleOf(given), given.body.challenge),
  ),
  implement(operations.signInStaffByPasskey, async (given) =>
    presentStaff(await enterByPasskey(circleOf(given), given.body, given.visitor)),
  ),
  implement(operations.beginStaffEnrolment, (given) => beginEnrolment(circleOf(given), given.body)),
  implement(operations.enrolStaffPasskey, (given) =>
    enrolPasskey(circleOf(given), given.body, given.visitor),
  ),
  implement(operations.signOutStaff, async ({ db, caller }) => {
    await db.transaction(async (tx) => {
      await tx.query('DELETE FROM staff_sessions WHERE id = $1', [caller.sessionId]);
      await record(tx, { action: 'staff.signed-out', target: caller.staff.id });
    });
  }),
];

const ofTheMember: Implementation[] = [
  implement(operations.getStaff, async ({ caller }) => caller.staff),
  implement(operations.getStaffSecurity, (given) => security.readSecurity(circleOf(given), signed(given))),
  implement(operations.beginStaffConfirmation, (given) =>
    security.beginConfirmation(circleOf(given), signed(given)),
  ),
  implement(operations.confirmStaff, (given) => security.confirm(circleOf(given), signed(given), given.body)),
  implement(operations.changeStaffPassword, (given) =>
    security.changePassword(circleOf(given), signed(given), given.body),
  ),
  implement(operations.beginStaffTotp, (given) => security.enrolTotp(circleOf(given), signed(given))),
  implement(operations.confirmStaffTotp, (given) =>
    security.addTotp(circleOf(given), signed(given), given.body.code),
  ),
  implement(operations.removeStaffTotp, (given) => security.dropTotp(circleOf(given), signed(given))),
  implement(operations.beginStaffPasskey, (given) => security.enrolPasskey(circleOf(given), signed(given))),
  implement(operations.addStaffPasskey, (given) =>
    security.addPasskey(circleOf(given), signed(given), given.body),
  ),
  implement(operations.renameStaffPasskey, async (given) => {
    const { realm, db } = circleOf(given);
    await renamePasskey(db, realm, {
      personId: given.caller.staff.id,
      passkeyId: given.params.passkeyId,
      name: given.body.name,
    });
  }),
  implement(operations.removeStaffPasskey, (given) =>
    security.dropPasskey(circleOf(given), signed(given), given.params.passkeyId),
  ),
  implement(operations.drawStaffRecoveryCodes, (given) =>
    security.redrawRecoveryCodes(circleOf(given), signed(given)),
  ),
  implement(operations.endStaffSession, async (given) => {
    const { realm, db } = circleOf(given);
    await db.transaction(async (tx) => {
      await endSession(tx, realm, given.caller.staff.id, given.params.sessionId);
      await record(tx, { action: 'staff.sessions-ended', target: given.caller.staff.id });
    });
  }),
  implement(operations.endOtherStaffSessions, async (given) => {
    const { realm, db } = circleOf(given);
    await db.transaction(async (tx) => {
      await endSessions(tx, realm, given.caller.staff.id, given.caller.sessionId);
      await record(tx, { action: 'staff.sessions-ended', target: given.caller.staff.id });
    });
  }),
];

export const staffOperations: Implementation[] = [...signingIn, ...ofTheMember];
