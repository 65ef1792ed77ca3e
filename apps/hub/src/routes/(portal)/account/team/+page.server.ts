import { ApiProblem } from '@preau/contract';
import { organisationRole } from '@preau/contract/platform/accounts';
import { redirect } from '@sveltejs/kit';
import * as m from '#lib/paraglide/messages.js';
import { localizeHref } from '#lib/paraglide/runtime.js';
import { readFields, refusalOf, refuse } from '#lib/server/form.ts';
import { requireAccount, requireOrganisation } from '#lib/server/portal.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { id, role } = await requireOrganisation(event);
  const params = { organisationId: id };
  const [team, { secondFactorRequired }] = await Promise.all([
    event.locals.api.listMembers({ params }),
    event.locals.api.getOrganisation({ params }),
  ]);
  return { members: team.items, invitations: team.invitations, role, secondFactorRequired };
};

export const actions: Actions = {
  invite: async (event) => {
    const { id } = await requireOrganisation(event);
    const typed = await readFields(event.request, ['email', 'role']);
    const values = { form: 'invite', ...typed };
    const role = organisationRole.safeParse(typed.role);
    if (!typed.email.trim()) return refuse(values, { email: m.required_field() });
    if (!role.success) return refuse(values, { role: m.required_field() });
    try {
      await event.locals.api.inviteMember({
        params: { organisationId: id },
        body: { email: typed.email, role: role.data },
      });
    } catch (error) {
      return refusalOf(error, values);
    }
    return { done: m.portal_team_invited({ email: typed.email.trim() }) };
  },

  revoke: async (event) => {
    const { id } = await requireOrganisation(event);
    const { invitationId } = await readFields(event.request, ['invitationId']);
    try {
      await event.locals.api.revokeMemberInvitation({ params: { organisationId: id, invitationId } });
    } catch (error) {
      return refusalOf(error, { form: 'team', email: '', role: '' });
    }
    return { done: m.portal_team_revoked() };
  },

  role: async (event) => {
    const { id } = await requireOrganisation(event);
    const typed = await readFields(event.request, ['accountId', 'role']);
    const values = { form: 'team', email: '', role: '' };
    const role = organisationRole.safeParse(typed.role);
    if (!role.success) return refuse(values, { role: m.required_field() });
    try {
      await event.locals.api.updateMember({
        params: { organisationId: id, accountId: typed.accountId },
        body: { role: role.data },
      });
    } catch (error) {
      return refusalOf(error, values);
    }
    return { done: m.portal_saved() };
  },

  secondFactor: async (event) => {
    const { id } = await requireOrganisation(event);
    const { required } = await readFields(event.request, ['required']);
    const values = { form: 'team', email: '', role: '' };
    try {
      const { secondFactorRequired } = await event.locals.api.requireSecondFactor({
        params: { organisationId: id },
        body: { required: required === 'yes' },
      });
      return { done: secondFactorRequired ? m.security_team_required() : m.security_team_optional() };
    } catch (error) {
      if (error instanceof ApiProblem && error.is('second-factor-needed'))
        return refuse(values, {}, m.security_team_yourself_first());
      return refusalOf(error, values);
    }
  },

  signOut: async (event) => {
    const { id } = await requireOrganisation(event);
    const { accountId } = await readFields(event.request, ['accountId']);
    try {
      await event.locals.api.endMemberSessions({ params: { organisationId: id, accountId } });
    } catch (error) {
      return refusalOf(error, { form: 'team', email: '', role: '' });
    }
    return { done: m.portal_team_signed_out() };
  },

  remove: async (event) => {
    const { id } = await requireOrganisation(event);
    const { account } = await requireAccount(event);
    const { accountId } = await readFields(event.request, ['accountId']);
    try {
      await event.locals.api.removeMember({ params: { organisationId: id, accountId } });
    } catch (error) {
      return refusalOf(error, { form: 'team', email: '', role: '' });
    }
    if (accountId === account.id) redirect(303, localizeHref('/account'));
    return { done: m.portal_team_removed() };
  },
};
