import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const OTHERS_MAY_ENTER = 0o001;

/** The checkout's folder. */
export const root = dirname(import.meta.dirname);

function othersMayEnter(folder: string): boolean {
  if ((statSync(folder).mode & OTHERS_MAY_ENTER) === 0) return false;
  return folder === dirname(folder) || othersMayEnter(dirname(folder));
}

/**
 * Where everything that runs keeps its data. As root, PostgreSQL and the instances run under uids of their
 * own, which must be able to reach it: a checkout under a closed folder (/root) keeps its data in /var/lib.
 */
export function defaultDataDir(): string {
  if (process.env.DATA_DIR) return resolve(process.env.DATA_DIR);
  if (process.getuid?.() !== 0 || othersMayEnter(root)) return join(root, '.data');
  return join('/var/lib/preau', createHash('sha256').update(root).digest('hex').slice(0, 12));
}

/** Debian's Chromium without the browser's windows: the same engine for three quarters of the processor time. */
export const HEADLESS_CHROMIUM = '/usr/bin/chromium-headless-shell';
export const CHROMIUM = '/usr/bin/chromium';

/** The Chromium that looks at pages here. */
export function chromiumPath(): string {
  return existsSync(HEADLESS_CHROMIUM) ? HEADLESS_CHROMIUM : CHROMIUM;
}
