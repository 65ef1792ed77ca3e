import { ApiProblem } from '@preau/contract';
import * as m from '#lib/paraglide/messages.js';
import { readFields, refusalOf, refuse } from '#lib/server/form.ts';
import { draftFor, keepAndGoOn } from '#lib/server/onboarding.ts';
import type { Actions, PageServerLoad } from './$types.js';

/** « Atelier Étoilé » → `atelier-etoile`. */
function slugFrom(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
}

export const load: PageServerLoad = async ({ locals }) => {
  const draft = await draftFor(locals, 'subdomain');
  const account = await locals.account();
  const organisation = account?.organisations.find(({ id }) => id === draft.organisationId);
  return { slug: draft.slug ?? slugFrom(organisation?.name ?? '') };
};

export const actions: Actions = {
  default: async ({ request, locals }) => {
    const values = await readFields(request, ['slug']);
    const draft = await draftFor(locals, 'subdomain');
    if (!values.slug.trim()) return refuse(values, { slug: m.required_field() });
    if (!draft.organisationId) return refuse(values, {});
    let slug: string;
    try {
      const claim = await locals.api.claimSubdomain({
        params: { organisationId: draft.organisationId },
        body: { slug: values.slug },
      });
      slug = claim.slug;
    } catch (error) {
      // What is wrong with the name belongs beside the name.
      if (error instanceof ApiProblem && error.is('subdomain-taken', 'subdomain-refused')) {
        return refuse(values, { slug: error.problem.detail }, '');
      }
      return refusalOf(error, values);
    }
    return keepAndGoOn(locals, draft, { slug }, 'subdomain');
  },
};
