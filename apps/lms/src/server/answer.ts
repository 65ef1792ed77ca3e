import 'server-only';
import { instance } from './instance';
import { safeNext } from './session';

/** After a form: go on with a GET (a relative address, whatever name the platform is reached by). */
export function seeOther(path: string): Response {
  return new Response(null, { status: 303, headers: { Location: path, 'Cache-Control': 'no-store' } });
}

/** The page of this platform that a form was on. */
export function refererPath(request: Request): string {
  const referer = request.headers.get('referer');
  if (!referer || !URL.canParse(referer)) return '/';
  const url = new URL(referer);
  return url.origin === instance().platformUrl ? safeNext(url.pathname + url.search) : '/';
}
