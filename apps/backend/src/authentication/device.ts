import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import Bowser from 'bowser';
import type { Db } from '../database/db.ts';
import { digestOf } from '../http/secret.ts';
import type { Realm } from './realm.ts';

const NONCE_BYTES = 12;
const MAX_PEOPLE = 5;
const LIFETIME_SECONDS = 365 * 24 * 3_600;
const SEPARATOR = '~';
const TOKEN = /^([0-9a-f-]{36})\.([0-9a-z]{1,8})\.([\w-]{16})\.([\w-]{43})$/;

/** Whose device it is. A new password makes every device unknown. */
export interface DeviceOwner {
  id: string;
  passwordHash: string | null;
}

const keys = new Map<string, Buffer>();
function keyOf(secret: string): Buffer {
  let key = keys.get(secret);
  if (!key) {
    key = Buffer.from(hkdfSync('sha256', secret, '', 'preau device', 32));
    keys.set(secret, key);
  }
  return key;
}

function macOf(secret: string, db: Db, realm: Realm, owner: DeviceOwner, issued: string, nonce: string) {
  const scope = db.scope.kind === 'tenant' ? db.scope.tenantId : '';
  const generation = digestOf(owner.passwordHash ?? '');
  return createHmac('sha256', keyOf(secret))
    .update([realm.kind, scope, owner.id, generation, issued, nonce].join('\0'))
    .digest('base64url');
}

/**
 * The id of a device that this person signed in on before, or null. It opens a lane of its own in the throttle
 * (OWASP, “device cookies”): who guesses from elsewhere cannot slow its owner down.
 * @param cookie as the browser sent it, for up to five people of one browser
 */
export function knownDevice(
  db: Db,
  realm: Realm,
  {
    secret,
    cookie,
    owner,
    now = Date.now(),
  }: { secret: string; cookie: string | null; owner: DeviceOwner; now?: number },
): string | null {
  for (const token of (cookie ?? '').split(SEPARATOR, MAX_PEOPLE)) {
    const [, id, issued = '', nonce = '', mac = ''] = TOKEN.exec(token) ?? [];
    if (id !== owner.id) continue;
    const expected = macOf(secret, db, realm, owner, issued, nonce);
    const age = now / 1_000 - Number.parseInt(issued, 36);
    if (age < LIFETIME_SECONDS && timingSafeEqual(Buffer.from(mac), Buffer.from(expected))) return nonce;
  }
  return null;
}

/** The cookie to keep from now on: this person's device first, the others of the browser after it. */
export function rememberDevice(
  db: Db,
  realm: Realm,
  {
    secret,
    cookie,
    owner,
    now = Date.now(),
  }: { secret: string; cookie: string | null; owner: DeviceOwner; now?: number },
): string {
  const issued = Math.floor(now / 1_000).toString(36);
  const nonce =
    knownDevice(db, realm, { secret, cookie, owner, now }) ?? randomBytes(NONCE_BYTES).toString('base64url');
  const own = [owner.id, issued, nonce, macOf(secret, db, realm, owner, issued, nonce)].join('.');
  const others = (cookie ?? '')
    .split(SEPARATOR, MAX_PEOPLE)
    .filter((token) => TOKEN.test(token) && !token.startsWith(owner.id));
  return [own, ...others].slice(0, MAX_PEOPLE).join(SEPARATOR);
}

/** What a person recognises of a browser; null where it says nothing that we understand. */
export interface Browser {
  browser: string | null;
  system: string | null;
  form: 'phone' | 'tablet' | 'computer' | null;
}

const FORMS: Record<string, Browser['form']> = { mobile: 'phone', tablet: 'tablet', desktop: 'computer' };

export function browserOf(userAgent: string | null): Browser {
  if (!userAgent) return { browser: null, system: null, form: null };
  const { browser, os, platform } = Bowser.parse(userAgent);
  return {
    browser: browser.name || null,
    system: os.name || null,
    form: FORMS[platform.type ?? ''] ?? null,
  };
}
