import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** An immutable folder from which instances run, named by what it was built from. */
export interface Release {
  id: string;
  path: string;
}

/** The module that starts an instance of this release. */
export function entryOf(releasePath: string): string {
  const inWorkspace = join(releasePath, 'apps/lms/start.mjs');
  return existsSync(inWorkspace) ? inWorkspace : join(releasePath, 'start.mjs');
}
