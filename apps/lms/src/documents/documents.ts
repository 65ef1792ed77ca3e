import { type Forwarded, visitOf } from '@/server/visitor';
import { activityPage } from './activities/[activityId]/page';
import { cataloguePage } from './catalogue/page';
import { coursePage } from './courses/[slug]/page';
import { type Answer, type Asked, type Build, written } from './document';
import { homePage } from './page';

/** What server/documents.ts reads of a request. */
export interface DocumentRequest {
  path: string;
  query: URLSearchParams;
  form: URLSearchParams | null;
  cookie(name: string): string | undefined;
  forwarded: Forwarded;
  build: Build;
  nonce: string;
}

type Draw = (asked: Asked) => Promise<Answer>;

const course = /^\/courses\/([^/]+)$/;
const activity = /^\/activities\/([^/]+)$/;

/** What draws the page of a path, or null where that is no document but Next's. */
export function documentAt(path: string): Draw | null {
  if (path === '/') return homePage;
  if (path === '/catalogue') return cataloguePage;
  const slug = course.exec(path)?.[1];
  if (slug) return (asked) => coursePage(asked, decodeURIComponent(slug));
  const activityId = activity.exec(path)?.[1];
  if (activityId) return (asked) => activityPage(asked, decodeURIComponent(activityId));
  return null;
}

export async function answerDocument(
  draw: Draw,
  { path, query, form, cookie, forwarded, build, nonce }: DocumentRequest,
): Promise<{ to: string } | { status: number; body: string }> {
  const visit = await visitOf(cookie, forwarded);
  const answer = await draw({ path, query, form, visit });
  if ('to' in answer) return answer;
  return { status: answer.status, body: written(answer, visit, build, nonce) };
}
