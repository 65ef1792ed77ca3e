import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

const MINUTES = 5;
const TOKEN = /^([\w-]{20,400})\.([\w-]{43})$/;

/** An export, and until when (seconds since 1970) it may be fetched. */
const claims = z.object({ x: z.uuid(), e: z.int() });

/** By a key of its own, derived from the backend's secret. */
const signature = (secret: string, text: string): Buffer =>
  createHmac('sha256', createHmac('sha256', secret).update('export links').digest()).update(text).digest();

/** A token that fetches one export for five minutes. */
export function signExport(
  secret: string,
  exportId: string,
  now = Date.now(),
): { token: string; expiresAt: Date } {
  const ends = Math.floor(now / 1000) + MINUTES * 60;
  const text = Buffer.from(JSON.stringify({ x: exportId, e: ends })).toString('base64url');
  return {
    token: `${text}.${signature(secret, text).toString('base64url')}`,
    expiresAt: new Date(ends * 1000),
  };
}

/** The export that a token names; null where it is none, was changed, or is over. */
export function readExportToken(secret: string, token: string, now = Date.now()): string | null {
  const [, text = '', signed = ''] = TOKEN.exec(token) ?? [];
  const given = Buffer.from(signed, 'base64url');
  const own = signature(secret, text);
  if (given.length !== own.length || !timingSafeEqual(own, given)) return null;
  try {
    const { x, e } = claims.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return e * 1000 > now ? x : null;
  } catch {
    return null;
  }
}
