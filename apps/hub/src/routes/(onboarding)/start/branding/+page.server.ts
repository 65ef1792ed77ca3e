import { parseBrandColour } from '@preau/design';
import * as m from '#lib/paraglide/messages.js';
import { pickFields, readForm, refuse } from '#lib/server/form.ts';
import { logoFrom } from '#lib/server/image.ts';
import { draftFor, keepAndGoOn } from '#lib/server/onboarding.ts';
import type { Actions, PageServerLoad } from './$types.js';

const HOUSE_COLOUR = '#176a4e';
const MAX_NAME_LENGTH = 80;

export const load: PageServerLoad = async ({ locals }) => {
  const draft = await draftFor(locals, 'branding');
  const account = await locals.account();
  const organisation = account?.organisations.find(({ id }) => id === draft.organisationId);
  return {
    name: draft.branding?.name ?? organisation?.name ?? '',
    colour: draft.branding?.colour ?? HOUSE_COLOUR,
    logo: draft.branding?.logo ?? null,
  };
};

export const actions: Actions = {
  default: async ({ request, locals }) => {
    const data = await readForm(request);
    const values = pickFields(data, ['name', 'colour']);
    const draft = await draftFor(locals, 'branding');
    const errors: Record<string, string> = {};
    const name = values.name.trim();
    if (!name || name.length > MAX_NAME_LENGTH) errors.name = m.required_field();
    const colour = parseBrandColour(values.colour);
    if (!colour) errors.colour = m.brand_colour_wrong();
    const upload = await logoFrom(data.get('logo'));
    if (upload && 'refused' in upload) {
      errors.logo = upload.refused === 'large' ? m.brand_logo_large() : m.brand_logo_format();
    }
    if (!colour || Object.keys(errors).length > 0) return refuse(values, errors);
    const held = data.has('removeLogo') ? null : (draft.branding?.logo ?? null);
    const logo = upload && 'logo' in upload ? upload.logo : held;
    return keepAndGoOn(locals, draft, { branding: { name, colour, logo } }, 'branding');
  },
};
