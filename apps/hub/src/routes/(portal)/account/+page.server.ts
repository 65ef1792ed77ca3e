import { pays } from '#lib/server/organisation.ts';
import { requireAccount, requireOrganisation } from '#lib/server/portal.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { locals } = event;
  if (!(await requireAccount(event)).organisation) return { platforms: [], pastDue: null };
  const organisation = await requireOrganisation(event);
  const params = { organisationId: organisation.id };
  const [platforms, billing] = await Promise.all([
    locals.api.listInstances({ params }),
    pays(organisation.role) ? locals.api.getBilling({ params }) : null,
  ]);
  const late = billing?.subscriptions.find(({ pastDueSince }) => pastDueSince !== null);
  return { platforms: platforms.items, pastDue: late?.pastDueSince ?? null };
};
