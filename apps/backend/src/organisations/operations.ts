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
import { acceptInvitation, changeRole, invite, readTeam, removeMember, revokeInvitation } from './team.ts';

export const organisationOperations: Implementation[] = [
  implement(operations.createOrganisation, ({ db, caller, body, locale, clientAddress }) =>
    createOrganisationFor(db, caller, body, locale, clientAddress),
  ),
  implement(operations.getOrganisation, async ({ db, caller, params }) => {
    await requireMember(db, caller, params.organisationId);
    return readOrganisation(db, caller, params.organisationId);
  }),
  implement(operations.requireSecondFactor, ({ db, caller, params, body, clientAddress }) =>
    askForSecondFactor(db, caller, params.organisationId, body.required, clientAddress),
  ),
  implement(operations.updateOrganisation, ({ db, caller, params, body, locale, clientAddress }) =>
    changeOrganisation(db, caller, params.organisationId, body, locale, clientAddress),
  ),
  implement(operations.listMembers, ({ db, caller, params }) => readTeam(db, caller, params.organisationId)),
  implement(operations.inviteMember, ({ db, app, caller, params, body, clientAddress }) =>
    invite(db, app.settings.PREAU_PUBLIC_URL, caller, params.organisationId, body, clientAddress),
  ),
  implement(operations.revokeMemberInvitation, async ({ db, caller, params }) => {
    await revokeInvitation(db, caller, params);
  }),
  implement(operations.acceptMemberInvitation, ({ db, caller, body, clientAddress }) =>
    acceptInvitation(db, caller, body, clientAddress),
  ),
  implement(operations.updateMember, ({ db, caller, params, body, clientAddress }) =>
    changeRole(db, caller, params, body, clientAddress),
  ),
  implement(operations.removeMember, async ({ db, caller, params, clientAddress }) => {
    await removeMember(db, caller, params, clientAddress);
  }),
  implement(operations.getOnboarding, ({ db, caller }) => readOnboarding(db, caller.account.id)),
  implement(operations.saveOnboarding, ({ db, caller, body }) => saveOnboarding(db, caller.account.id, body)),
];
