import 'server-only';
import { redirect } from 'next/navigation';
import { instance } from '@/server/instance';
import { visit as currentVisit, type Visit } from '@/server/visit';

/** The visit of somebody who writes courses; others are sent where they may go. The backend checks again. */
export async function authorVisit(path: string): Promise<Visit> {
  const visit = await currentVisit();
  if (!visit.user) redirect(`/sign-in?next=${encodeURIComponent(path)}`);
  if (visit.user.role === 'learner') redirect('/');
  return visit;
}

/** The visit of the platform's administrator. */
export async function administratorVisit(path: string): Promise<Visit> {
  const visit = await authorVisit(path);
  if (visit.user?.role !== 'administrator') redirect('/studio');
  return visit;
}

/** The platform's own address of a path, for what is shown rather than followed. */
export const addressOf = (path: string) => `${instance().platformUrl}${path}`;
