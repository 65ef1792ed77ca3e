import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { App } from '../app.ts';
import { answerFile } from '../assets/answer.ts';
import { extensionOf } from '../assets/kind.ts';
import { findPlace } from '../courses/place.ts';
import { inScope } from '../database/scope.ts';
import { fileKey } from '../files/key.ts';
import { answerBinary } from '../http/answer.ts';
import { Problem, refuse } from '../http/problem.ts';
import type { Exchange } from '../http/server.ts';
import { grantsOf } from '../policies/grants.ts';
import type { User } from '../policies/viewer.ts';
import { platformAddress } from '../site/address.ts';
import { type ContentClaims, contentOrigin, contentSlug, readPath } from './address.ts';
import type { PackageFiles } from './create.ts';

/** How long an access that was taken away may still be believed. */
const BELIEVED_MS = 5_000;
const MAX_BELIEVED = 2_000;
/** Raise it when the headers change: browsers keep those of an answer they find unchanged. */
const HEADERS_REVISION = 1;

const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  htm: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  json: 'application/json',
  xml: 'application/xml',
  txt: 'text/plain; charset=utf-8',
  vtt: 'text/vtt; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  ico: 'image/x-icon',
  woff: 'font/woff',
  woff2: 'font/woff2',
  ttf: 'font/ttf',
  otf: 'font/otf',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  wav: 'audio/wav',
  m4a: 'audio/mp4',
  mp4: 'video/mp4',
  webm: 'video/webm',
  pdf: 'application/pdf',
  wasm: 'application/wasm',
};

interface Permitted {
  slug: string;
  files: PackageFiles;
}

/**
 * Serves packages on the content origin of each tenant, and nothing else there: no session, no cookie, no other
 * address. Every file asks whether the session that the address was made for still goes on, and may still study.
 * @returns false where the request is for another host
 */
export function contentServer(app: App): (exchange: Exchange) => Promise<boolean> {
  const { PREAU_PUBLIC_URL: publicUrl, PAYLOAD_SECRET: secret } = app.settings;
  const believed = new LRUCache<string, Permitted>({ max: MAX_BELIEVED, ttl: BELIEVED_MS });

  async function permit(claims: ContentClaims): Promise<Permitted> {
    const key = [claims.t, claims.s, claims.a, claims.p].join();
    const known = believed.get(key);
    if (known) return known;
    const db = app.db({ kind: 'tenant', tenantId: claims.t });
    const row = await db.maybe<Permitted & { user: Omit<User, 'grants'>; custom: unknown }>(READ, [
      claims.s,
      claims.u,
      claims.a,
      claims.p,
    ]);
    if (!row) refuse('not-found');
    const { user, custom, ...permitted } = row;
    await findPlace(db, { ...user, grants: grantsOf({ role: user.role, custom }) }, claims.a, 'fr');
    believed.set(key, permitted);
    return permitted;
  }

  return async ({ request, response, path }) => {
    const slug = contentSlug(request.headers.host, publicUrl);
    if (slug === null) return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new Problem('method-not-allowed');
    const claims = readPath(secret, path) ?? refuse('not-found');
    const permitted = await inScope({ kind: 'tenant', tenantId: claims.t }, () => permit(claims));
    if (permitted.slug !== slug) refuse('not-found');
    const file = Object.hasOwn(permitted.files, claims.file) ? permitted.files[claims.file] : undefined;
    if (!file) refuse('not-found');
    const key = fileKey(file.key);
    const version = createHash('sha256').update(`${key} ${HEADERS_REVISION}`).digest('base64url');
    const answer = await answerFile(app.files, request.headers, {
      key,
      etag: `"${version.slice(0, 22)}"`,
      headers: {
        'content-type': TYPES[extensionOf(claims.file)] ?? 'application/octet-stream',
        'cache-control': 'private, no-cache',
        ...contentHeaders(contentOrigin(publicUrl, slug) + claims.root, platformAddress(publicUrl, slug)),
      },
    });
    await answerBinary(response, 200, answer);
    return true;
  };
}

/**
 * What a package may do: run its own script, with its own files, in a frame of its platform. The sandbox without
 * `allow-same-origin` gives it an opaque origin: no cookie, no storage, no other package. It opens no window, sends
 * no form, leads nobody away, and speaks to no other server.
 * @param root where the package's files are
 */
export function contentHeaders(root: string, platform: string): Record<string, string> {
  return {
    'content-security-policy': [
      'sandbox allow-scripts allow-forms',
      "default-src 'none'",
      `script-src ${root} 'unsafe-inline' 'unsafe-eval' blob:`,
      `style-src ${root} 'unsafe-inline'`,
      `img-src ${root} data: blob:`,
      `font-src ${root} data:`,
      `media-src ${root} data: blob:`,
      `connect-src ${root} data: blob:`,
      `worker-src ${root} blob:`,
      `frame-src ${root}`,
      "object-src 'none'",
      `base-uri ${root}`,
      "form-action 'none'",
      `frame-ancestors ${platform}`,
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    // From an opaque origin every request for its own files is a foreign one.
    'cross-origin-resource-policy': 'cross-origin',
    'access-control-allow-origin': 'null',
    'permissions-policy':
      'camera=(), microphone=(), geolocation=(), payment=(), usb=(), clipboard-read=(), display-capture=()',
    'x-robots-tag': 'noindex',
  };
}

const READ = `
SELECT json_build_object('id', u.id, 'role', u.role) AS user, k.grants AS custom, t.slug, p.files
FROM user_sessions s
JOIN users u ON u.id = s.user_id AND u.status = 'active'
LEFT JOIN roles k ON k.id = u.custom_role_id
JOIN activities a ON a.id = $3 AND a.package_id = $4
JOIN content_packages p ON p.id = a.package_id
CROSS JOIN tenants t
WHERE s.id = $1 AND u.id = $2 AND s.expires_at > now() AND t.state <> 'suspended'`;
