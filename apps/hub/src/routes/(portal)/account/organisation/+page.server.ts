import { checkVatNumber, isSiren } from '#lib/legalNumber.ts';
import * as m from '#lib/paraglide/messages.js';
import { readFields, refusalOf, refuse } from '#lib/server/form.ts';
import { pays } from '#lib/server/organisation.ts';
import { requireOrganisation } from '#lib/server/portal.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { id, role } = await requireOrganisation(event);
  const identity = await event.locals.api.getOrganisation({ params: { organisationId: id } });
  return { identity, mayChange: pays(role) };
};

export const actions: Actions = {
  default: async (event) => {
    const organisation = await requireOrganisation(event);
    const values = await readFields(event.request, ['name', 'country', 'siren', 'vatNumber']);
    const errors: Record<string, string> = {};
    if (!values.name.trim()) errors.name = m.required_field();
    const siren = values.country === 'FR' ? values.siren.replace(/\s/g, '') : '';
    if (siren && !/^\d{9}$/.test(siren)) errors.siren = m.org_siren_length();
    else if (siren && !isSiren(siren)) errors.siren = m.org_siren_wrong();
    const vat = values.vatNumber.trim() ? checkVatNumber(values.vatNumber) : 'ok';
    if (vat === 'malformed') errors.vatNumber = m.org_vat_form();
    if (vat === 'wrong-key') errors.vatNumber = m.org_vat_wrong();
    if (Object.keys(errors).length > 0) return refuse(values, errors);
    try {
      await event.locals.api.updateOrganisation({
        params: { organisationId: organisation.id },
        body: {
          name: values.name,
          country: values.country || 'FR',
          siren: siren || null,
          vatNumber: values.vatNumber.trim() || null,
        },
      });
    } catch (error) {
      return refusalOf(error, values);
    }
    return { done: m.portal_saved() };
  },
};
