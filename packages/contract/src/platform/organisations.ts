import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { branding, email, id, instant, line, opaqueToken, subdomainCandidate } from '../primitives.ts';
import { organisationRole } from './accounts.ts';

const tag = 'Organisations';
const params = z.object({ organisationId: id });

const identityFields = {
  name: line(120),
  /** ISO 3166-1 alpha-2. */
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .default('FR'),
  /** Nine digits, checked by Luhn; spaces are removed. */
  siren: z
    .string()
    .transform((s) => s.replace(/\s/g, ''))
    .pipe(z.string().regex(/^(\d{9})?$/))
    .nullable()
    .default(null),
  /** EU VAT number; the French key is checked. */
  vatNumber: z
    .string()
    .transform((s) => s.replace(/[\s.]/g, '').toUpperCase())
    .pipe(z.string().regex(/^([A-Z]{2}[0-9A-Z+*]{2,13})?$/))
    .nullable()
    .default(null),
};

export const organisation = z.object({
  id,
  name: z.string(),
  country: z.string(),
  siren: z.string().nullable(),
  vatNumber: z.string().nullable(),
  role: organisationRole,
  /** Its team needs a second factor. */
  secondFactorRequired: z.boolean(),
  createdAt: instant,
});
export type Organisation = z.infer<typeof organisation>;

export const createOrganisation = defineOperation({
  id: 'createOrganisation',
  method: 'POST',
  path: '/v1/organisations',
  tag,
  identity: 'account',
  summary: 'Create an organisation; the caller becomes its owner',
  body: z.object(identityFields),
  response: organisation,
  status: 201,
  limits: [{ max: 20, windowSeconds: 3600, by: 'caller' }],
});

export const getOrganisation = defineOperation({
  id: 'getOrganisation',
  method: 'GET',
  path: '/v1/organisations/{organisationId}',
  tag,
  identity: 'account',
  summary: 'One organisation of the caller',
  params,
  response: organisation,
  errors: ['not-found'],
});

export const updateOrganisation = defineOperation({
  id: 'updateOrganisation',
  method: 'PATCH',
  path: '/v1/organisations/{organisationId}',
  tag,
  identity: 'account',
  summary: 'Change the legal identity (owner, administrator, billing)',
  params,
  body: z.object(identityFields),
  response: organisation,
  errors: ['not-found', 'forbidden'],
});

export const requireSecondFactor = defineOperation({
  id: 'requireSecondFactor',
  method: 'PUT',
  path: '/v1/organisations/{organisationId}/second-factor',
  tag,
  identity: 'account',
  summary: 'Whether the team needs a second factor (owner, who must have one)',
  params,
  body: z.object({ required: z.boolean() }),
  response: organisation,
  errors: ['not-found', 'forbidden', 'second-factor-needed', 'confirmation-needed'],
});

export const member = z.object({
  accountId: id,
  name: z.string(),
  email: z.string(),
  role: organisationRole,
  /** Whether they have one; told to owners and administrators. */
  secondFactor: z.boolean().nullable(),
  since: instant,
});
export const organisationInvitation = z.object({
  id,
  email: z.string(),
  role: organisationRole,
  expiresAt: instant,
});

export const listMembers = defineOperation({
  id: 'listMembers',
  method: 'GET',
  path: '/v1/organisations/{organisationId}/members',
  tag,
  identity: 'account',
  summary: 'The team on the hub, with open invitations',
  params,
  response: z.object({ items: z.array(member), invitations: z.array(organisationInvitation) }),
  errors: ['not-found'],
});

export const inviteMember = defineOperation({
  id: 'inviteMember',
  method: 'POST',
  path: '/v1/organisations/{organisationId}/invitations',
  tag,
  identity: 'account',
  summary: 'Invite somebody to the team by mail (owner, administrator)',
  params,
  body: z.object({ email, role: organisationRole }),
  response: organisationInvitation,
  status: 201,
  limits: [{ max: 60, windowSeconds: 3600, by: 'caller' }],
  errors: ['not-found', 'forbidden', 'already-exists', 'confirmation-needed'],
});

export const revokeMemberInvitation = defineOperation({
  id: 'revokeMemberInvitation',
  method: 'DELETE',
  path: '/v1/organisations/{organisationId}/invitations/{invitationId}',
  tag,
  identity: 'account',
  summary: 'Withdraw an invitation',
  params: z.object({ organisationId: id, invitationId: id }),
  kind: 'empty',
  status: 204,
  errors: ['not-found', 'forbidden'],
});

export const acceptMemberInvitation = defineOperation({
  id: 'acceptMemberInvitation',
  method: 'POST',
  path: '/v1/organisation-invitations/acceptance',
  tag,
  identity: 'account',
  summary: 'Join an organisation by the mailed token; the address must be the invited one',
  body: z.object({ token: opaqueToken }),
  response: organisation,
  errors: ['token-invalid', 'forbidden'],
});

export const updateMember = defineOperation({
  id: 'updateMember',
  method: 'PATCH',
  path: '/v1/organisations/{organisationId}/members/{accountId}',
  tag,
  identity: 'account',
  summary: 'Change a role (owner)',
  params: z.object({ organisationId: id, accountId: id }),
  body: z.object({ role: organisationRole }),
  response: member,
  errors: ['not-found', 'forbidden', 'last-owner', 'confirmation-needed'],
});

export const removeMember = defineOperation({
  id: 'removeMember',
  method: 'DELETE',
  path: '/v1/organisations/{organisationId}/members/{accountId}',
  tag,
  identity: 'account',
  summary: 'Remove somebody from the team (owner, or oneself)',
  params: z.object({ organisationId: id, accountId: id }),
  kind: 'empty',
  status: 204,
  errors: ['not-found', 'forbidden', 'last-owner', 'confirmation-needed'],
});

export const endMemberSessions = defineOperation({
  id: 'endMemberSessions',
  method: 'DELETE',
  path: '/v1/organisations/{organisationId}/members/{accountId}/sessions',
  tag,
  identity: 'account',
  summary:
    'Sign somebody of the team out of every device but the one that asks (owner); they may sign in again',
  params: z.object({ organisationId: id, accountId: id }),
  kind: 'empty',
  status: 204,
  errors: ['not-found', 'forbidden', 'confirmation-needed'],
});

export const subdomainState = z.enum(['available', 'taken', 'reserved', 'malformed', 'confusable']);

export const checkSubdomain = defineOperation({
  id: 'checkSubdomain',
  method: 'GET',
  path: '/v1/subdomains/{candidate}',
  tag,
  identity: 'hub',
  summary: 'May this subdomain be claimed; with up to three suggestions where not',
  params: z.object({ candidate: subdomainCandidate }),
  /** With it, a claim of the organisation's own counts as available. */
  query: z.object({ organisationId: id.optional() }),
  response: z.object({ slug: z.string(), state: subdomainState, suggestions: z.array(z.string()) }),
  limits: [{ max: 120, windowSeconds: 60, by: 'network' }],
});

export const claimSubdomain = defineOperation({
  id: 'claimSubdomain',
  method: 'POST',
  path: '/v1/organisations/{organisationId}/subdomain-claims',
  tag,
  identity: 'account',
  summary:
    'Reserve a subdomain for 30 minutes (renewed by repeating; replaces the organisation’s earlier unpaid claim)',
  params,
  body: z.object({ slug: subdomainCandidate }),
  response: z.object({ slug: z.string(), expiresAt: instant }),
  status: 201,
  errors: ['not-found', 'forbidden', 'subdomain-taken', 'subdomain-refused'],
});

/** The onboarding's unfinished answers, so that a visitor can leave and resume on another device. */
export const onboardingDraft = z.object({
  step: z.enum(['organisation', 'subdomain', 'plan', 'branding', 'summary']),
  organisationId: id.nullable(),
  slug: z.string().max(100).nullable(),
  priceId: id.nullable(),
  addOnPriceIds: z.array(id).max(20),
  branding: branding.partial().nullable(),
});
export type OnboardingDraft = z.infer<typeof onboardingDraft>;

export const getOnboarding = defineOperation({
  id: 'getOnboarding',
  method: 'GET',
  path: '/v1/account/onboarding',
  tag,
  identity: 'account',
  summary: 'Where the account left its onboarding',
  response: onboardingDraft,
});

export const saveOnboarding = defineOperation({
  id: 'saveOnboarding',
  method: 'PUT',
  path: '/v1/account/onboarding',
  tag,
  identity: 'account',
  summary: 'Keep the onboarding’s answers so far',
  body: onboardingDraft,
  response: onboardingDraft,
});
