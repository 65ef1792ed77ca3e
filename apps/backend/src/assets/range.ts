import type { ByteRange } from '../files/store.ts';

/**
 * The part that a `Range` header asks for (RFC 9110 14.1.2). Undefined where the whole is answered: no header, one
 * that is not understood, or several parts at once; `unsatisfiable` where it begins behind the end.
 */
export function rangeOf(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const parts = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
  if (!parts) return undefined;
  const [, from = '', to = ''] = parts;
  if (from === '') {
    if (to === '') return undefined;
    const length = Number(to);
    return length === 0 || size === 0
      ? 'unsatisfiable'
      : { start: Math.max(0, size - length), end: size - 1 };
  }
  const start = Number(from);
  if (to !== '' && Number(to) < start) return undefined;
  if (start >= size) return 'unsatisfiable';
  return { start, end: to === '' ? size - 1 : Math.min(Number(to), size - 1) };
}

/** Whether `If-None-Match` names this version (weak comparison, RFC 9110 13.1.2). */
export function matches(header: string | undefined, etag: string): boolean {
  if (!header) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((each) => each.trim().replace(/^W\//, '') === etag);
}
