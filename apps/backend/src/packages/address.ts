import { createHmac, timingSafeEqual } from 'node:crypto';
import { CONTENT_LABEL, contentOrigin } from '@preau/contract/contentOrigin';
import { z } from 'zod';
import { platformAddress } from '../site/address.ts';

const HOURS = 12;
const PATH = /^\/p\/([\w-]{20,600})\.([\w-]{43})\/(.*)$/;

/** Tenant, activity, package, user and session: each is looked at again with every file. */
const claims = z.object({
  t: z.uuid(),
  a: z.uuid(),
  p: z.uuid(),
  u: z.uuid(),
  s: z.uuid(),
  /** Seconds since 1970. */
  e: z.int(),
});
export type ContentClaims = z.infer<typeof claims>;

/** By a key of its own, derived from the backend's secret. */
const signature = (secret: string, text: string): Buffer =>
  createHmac('sha256', createHmac('sha256', secret).update('content addresses').digest())
    .update(text)
    .digest();

/** The slug in the Host header of a request for content; null for every other host. */
export function contentSlug(hostHeader: string | undefined, publicUrl: string): string | null {
  const name = hostHeader?.toLowerCase().replace(/:\d+$/, '') ?? '';
  if (!name.startsWith(CONTENT_LABEL)) return null;
  const ending = `.${new URL(publicUrl).hostname}`;
  if (!name.endsWith(ending)) return null;
  return name.slice(CONTENT_LABEL.length, -ending.length);
}

/** A signed path to a file of a package. Relative links stay within it, as the signature stands in front. */
export function signPath(
  secret: string,
  who: Omit<ContentClaims, 'e'>,
  file: string,
  now = Date.now(),
): string {
  const payload = JSON.stringify({ ...who, e: Math.floor(now / 1000) + HOURS * 3600 });
  const text = Buffer.from(payload).toString('base64url');
  const path = file.split('/').map(encodeURIComponent).join('/');
  return `/p/${text}.${signature(secret, text).toString('base64url')}/${path}`;
}

/** The whole address of a package's first page, for one person's frame. */
export function frameAddress(
  settings: { PREAU_PUBLIC_URL: string; PAYLOAD_SECRET: string },
  slug: string,
  who: Omit<ContentClaims, 'e'>,
  entry: string,
): string {
  const origin = contentOrigin(platformAddress(settings.PREAU_PUBLIC_URL, slug));
  return origin + signPath(settings.PAYLOAD_SECRET, who, entry);
}

export interface ContentPath extends ContentClaims {
  /** Everything before the package's own paths, with its last slash. */
  root: string;
  file: string;
}

/** What a signed path says; null where it is none, was changed, or is over. */
export function readPath(secret: string, path: string, now = Date.now()): ContentPath | null {
  const [, text = '', signed = '', rest = ''] = PATH.exec(path) ?? [];
  const given = Buffer.from(signed, 'base64url');
  const own = signature(secret, text);
  if (given.length !== own.length || !timingSafeEqual(own, given)) return null;
  try {
    const known = claims.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    if (known.e * 1000 <= now) return null;
    return { ...known, root: `/p/${text}.${signed}/`, file: decodeURIComponent(rest).normalize('NFC') };
  } catch {
    return null;
  }
}

/** A request's path as it may be logged: without query, and without what opens a package. */
export const loggedPath = (url: string | undefined): string =>
  (url ?? '').split('?', 1)[0]?.replace(/^\/p\/[^/]+/, '/p/…') ?? '';
