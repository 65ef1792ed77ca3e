import 'server-only';
import { holds, type Needed } from '@preau/contract/permission';
import { redirect } from 'next/navigation';
import { instance } from '@/server/instance';
import { visit as currentVisit, type Visit } from '@/server/visit';
import { STUDIO } from './permissions';

/** The visit of somebody whose role allows what a page is for; others are sent where they may go. The backend checks again. */
async function permittedVisit(path: string, needed: Needed, elsewhere: string): Promise<Visit> {
  const visit = await currentVisit();
  if (!visit.user) redirect(`/sign-in?next=${encodeURIComponent(path)}`);
  if (!holds(visit.user.grants, needed)) redirect(elsewhere);
  return visit;
}

/** The visit of somebody who writes or looks after courses. */
export const authorVisit = (path: string): Promise<Visit> => permittedVisit(path, STUDIO, '/');

/** The visit of somebody who looks after a part of the platform. */
export const administratorVisit = (path: string, needed: Needed): Promise<Visit> =>
  permittedVisit(path, needed, '/');

/** The platform's own address of a path, for what is shown rather than followed. */
export const addressOf = (path: string) => `${instance().platformUrl}${path}`;
