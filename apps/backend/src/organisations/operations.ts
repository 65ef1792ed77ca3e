import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import {
  askForSecondFactor,
  changeOrganisation,
  createOrganisationFor,
  readOrganisation,
} from './identity.ts';
import { requireMember } from './membership.ts';
import { readOnboarding, saveOnboarding } from './onboarding.ts';
import {
  acceptInvitation,
  changeRole,
  endMemberSessions,
  invite,
  readTeam,
  removeMember,
  revokeInvitation,
} from './team.ts';

export const organisationOperations: Implementation[] = [
  implement(operations.createOrganisation, ({ db, caller, body, locale }) =>
    createOrganisationFor(db, caller, body, locale),
  ),
  implement(operations.getOrganisation, async ({ db, caller, params }) => {
    await requireMember(db, caller, params.organisationId);
    return readOrganisation(db, caller, params.organisationId);
  }),
  implement(operations.requireSecondFactor, ({ db, caller, params, body }) =>
    askForSecondFactor(db, caller, params.organisationId, body.required),
  ),
  implement(operations.updateOrganisation, ({ db, caller, params, body, locale }) =>
    changeOrganisation(db, caller, params.organisationId, body, locale),
  ),
  implement(operations.listMembers, ({ db, caller, params }) => readTeam(db, caller, params.organisationId)),
  implement(operations.inviteMember, ({ db, app, caller, params, body }) =>
    invite(db, app.settings.PREAU_PUBLIC_URL, caller, params.organisationId, body),
  ),
  implement(operations.revokeMemberInvitation, async ({ db, caller, params }) => {
    await revokeInvitation(db, caller, params);
  }),
  implement(operations.acceptMemberInvitation, ({ db, caller, body }) => acceptInvitation(db, caller, body)),
  implement(operations.updateMember, ({ db, caller, params, body }) => changeRole(db, caller, params, body)),
  implement(operations.removeMember, async ({ db, caller, params }) => {
    await removeMember(db, caller, params);
  }),
  implement(operations.endMemberSessions, ({ db, caller, params }) => endMemberSessions(db, caller, params)),
  implement(operations.getOnboarding, ({ db, caller }) => readOnboarding(db, caller.account.id)),
  implement(operations.saveOnboarding, ({ db, caller, body }) => saveOnboarding(db, caller.account.id, body)),
];
