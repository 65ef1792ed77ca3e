import { checkVatNumber, isSiren } from '#lib/legalNumber.ts';
import * as m from '#lib/paraglide/messages.js';
import { readFields, refusalOf, refuse } from '#lib/server/form.ts';
import { draftFor, keepAndGoOn } from '#lib/server/onboarding.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async ({ locals, url }) => {
  const draft = await draftFor(locals, 'organisation');
  const account = await locals.account();
  const organisations = (account?.organisations ?? []).filter(
    ({ role }) => role === 'owner' || role === 'administrator',
  );
  const known = organisations.some(({ id }) => id === draft.organisationId);
  const chosen = known ? draft.organisationId : null;
  const current = chosen ? await locals.api.getOrganisation({ params: { organisationId: chosen } }) : null;
  return { organisations, current: url.searchParams.has('new') ? null : current };
};

export const actions: Actions = {
  default: async ({ request, locals }) => {
    const values = await readFields(request, ['organisationId', 'name', 'country', 'siren', 'vatNumber']);
    const draft = await draftFor(locals, 'organisation');
    let id = values.organisationId;
    const errors: Record<string, string> = {};
    if (!values.name.trim()) errors.name = m.required_field();
    const siren = values.country === 'FR' ? values.siren.replace(/\s/g, '') : '';
    if (siren && !/^\d{9}$/.test(siren)) errors.siren = m.org_siren_length();
    else if (siren && !isSiren(siren)) errors.siren = m.org_siren_wrong();
    const vat = values.vatNumber.trim() ? checkVatNumber(values.vatNumber) : 'ok';
    if (vat === 'malformed') errors.vatNumber = m.org_vat_form();
    if (vat === 'wrong-key') errors.vatNumber = m.org_vat_wrong();
    if (Object.keys(errors).length > 0) return refuse(values, errors);
    const body = {
      name: values.name,
      country: values.country || 'FR',
      siren: siren || null,
      vatNumber: values.vatNumber.trim() || null,
    };
    try {
      const organisation = id
        ? await locals.api.updateOrganisation({ params: { organisationId: id }, body })
        : await locals.api.createOrganisation({ body });
      id = organisation.id;
    } catch (error) {
      return refusalOf(error, values);
    }
    // A subdomain is held for an organisation: another one holds another.
    const slug = draft.organisationId && draft.organisationId !== id ? null : draft.slug;
    return keepAndGoOn(locals, draft, { organisationId: id, slug }, 'organisation');
  },
};
