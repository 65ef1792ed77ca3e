import { requireStaff } from '#lib/server/staff.ts';
import type { PageServerLoad } from './$types.js';

/** Provisionings in the chart. */
const LATEST = 30;

export const load: PageServerLoad = async (event) => {
  await requireStaff(event);
  const { staffApi } = event.locals;
  const [overview, latest] = await Promise.all([
    staffApi.adminOverview(),
    staffApi.listAllOperations({ query: { type: 'provision', state: 'succeeded', pageSize: LATEST } }),
  ]);
  // Oldest first, as time is read.
  const provisionings = latest.items
    .map(({ id, slug, createdAt, finishedAt }) => ({
      id,
      slug,
      createdAt,
      seconds: finishedAt ? (Date.parse(finishedAt) - Date.parse(createdAt)) / 1000 : 0,
    }))
    .reverse();
  return { overview, provisionings };
};
