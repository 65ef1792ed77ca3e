/**
 * Where to go after signing in: a path on this site, or the fallback. Never another site: `//evil`, `/\evil` and
 * control characters are refused.
 */
export function safeNext(next: string | null | undefined, fallback: string): string {
  if (!next || next.length > 500 || !/^\/(?![/\\])[\x21-\x7e]*$/.test(next) || next.includes('\\'))
    return fallback;
  return next;
}
