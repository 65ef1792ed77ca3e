import { createHash } from 'node:crypto';
import { contentOrigin } from '@preau/contract/contentOrigin';
import { LRUCache } from 'lru-cache';
import type { App } from '../app.ts';
import { answerFile } from '../assets/answer.ts';
import { findPlace } from '../courses/place.ts';
import { inScope } from '../database/scope.ts';
import { type FileKey, fileKey } from '../files/key.ts';
import { answerBinary, setHeaders } from '../http/answer.ts';
import { Problem, refuse } from '../http/problem.ts';
import type { Exchange } from '../http/server.ts';
import { grantsOf } from '../policies/grants.ts';
import type { User } from '../policies/viewer.ts';
import { platformAddress } from '../site/address.ts';
import { type ContentClaims, contentSlug, readPath } from './address.ts';
import type { PackageFiles } from './create.ts';
import { answerMissing } from './missing.ts';

const SVG = 'image/svg+xml';
/** The page where a folder is asked for. */
const INDEX = 'index.html';
/** How long an access that was taken away may still be believed. */
const BELIEVED_MS = 5_000;
const MAX_BELIEVED = 2_000;
/** Packages never change: the lists of their files are kept, up to so many files. */
const MAX_LISTED = 50_000;
/** Raise it when the headers change: browsers keep those of an answer they find unchanged. */
const HEADERS_REVISION = 1;

interface Permitted {
  slug: string;
}

interface Found {
  key: FileKey;
  type: string;
  /** Where the package's files are. */
  root: string;
}

/**
 * Serves packages on the content origin of each tenant, and nothing else there: no session, no cookie, no other
 * address. Every file asks whether the session that the address was made for still goes on, and may still study.
 * @returns false where the request is for another host
 */
export function contentServer(app: App): (exchange: Exchange) => Promise<boolean> {
  const { PREAU_PUBLIC_URL: publicUrl, PAYLOAD_SECRET: secret } = app.settings;
  const believed = new LRUCache<string, Permitted>({ max: MAX_BELIEVED, ttl: BELIEVED_MS });
  const listed = new LRUCache<string, PackageFiles>({
    maxSize: MAX_LISTED,
    sizeCalculation: (files) => Object.keys(files).length + 1,
  });

  async function permit(claims: ContentClaims): Promise<Permitted> {
    const key = [claims.t, claims.u, claims.s, claims.a, claims.p].join();
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

  async function filesOf({ t, p }: ContentClaims): Promise<PackageFiles> {
    const known = listed.get(`${t}/${p}`);
    if (known) return known;
    const { files } = await app.db({ kind: 'tenant', tenantId: t }).one<{ files: PackageFiles }>(FILES, [p]);
    listed.set(`${t}/${p}`, files);
    return files;
  }

  /** The file that an address leads to. Whatever is wrong with it (forged, over, of another platform), it is missing. */
  async function find(slug: string, path: string): Promise<Found | null> {
    const claims = readPath(secret, path);
    if (!claims) return null;
    return inScope({ kind: 'tenant', tenantId: claims.t }, async () => {
      const permitted = await permit(claims).catch((error: unknown) => {
        if (error instanceof Problem && error.status < 500) return null;
        throw error;
      });
      if (permitted?.slug !== slug) return null;
      const files = await filesOf(claims);
      const name = /(?:^|\/)$/.test(claims.file) ? claims.file + INDEX : claims.file;
      const file = Object.hasOwn(files, name) ? files[name] : undefined;
      return file ? { key: fileKey(file.key), type: file.type, root: claims.root } : null;
    });
  }

  return async ({ request, response, path, locale, own }) => {
    const slug = contentSlug(request.headers.host, publicUrl);
    if (slug === null) return false;
    setHeaders(response, own);
    const platform = platformAddress(publicUrl, slug);
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new Problem('method-not-allowed');
    const found = await find(slug, path);
    if (!found) {
      if (request.headers['sec-fetch-dest'] !== 'iframe') refuse('not-found');
      answerMissing(response, locale, platform);
      return true;
    }
    const { key, type, root } = found;
    const version = createHash('sha256').update(`${key} ${type} ${HEADERS_REVISION}`).digest('base64url');
    const answer = await answerFile(app.files, request.headers, {
      key,
      etag: `"${version.slice(0, 22)}"`,
      headers: {
        'content-type': type,
        'cache-control': 'private, no-cache',
        ...(type === SVG
          ? drawingHeaders(platform)
          : contentHeaders(contentOrigin(platform) + root, platform)),
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
    ...COMMON_HEADERS,
  };
}

/** A drawing that is looked at by itself: its scripts do not run, whoever framed it. */
const drawingHeaders = (platform: string): Record<string, string> => ({
  'content-security-policy': `sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors ${platform}`,
  ...COMMON_HEADERS,
});

const COMMON_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  // From an opaque origin every request for its own files is a foreign one.
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': 'null',
  'permissions-policy':
    'camera=(), microphone=(), geolocation=(), payment=(), usb=(), clipboard-read=(), display-capture=()',
  'x-robots-tag': 'noindex',
};

const READ = `
SELECT json_build_object('id', u.id, 'role', u.role) AS user, k.grants AS custom, t.slug
FROM user_sessions s
JOIN users u ON u.id = s.user_id AND u.status = 'active'
LEFT JOIN roles k ON k.id = u.custom_role_id
JOIN activities a ON a.id = $3 AND a.package_id = $4
CROSS JOIN tenants t
WHERE s.id = $1 AND u.id = $2 AND s.expires_at > now() AND t.state <> 'suspended'`;
const FILES = 'SELECT p.files FROM content_packages p WHERE p.id = $1';
