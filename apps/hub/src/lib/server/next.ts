import { localPath } from '@preau/contract/localPath';

/** Where to go after signing in: a path on this site, or the fallback. */
export const safeNext = (next: string | null | undefined, fallback: string): string =>
  localPath(next) ?? fallback;
