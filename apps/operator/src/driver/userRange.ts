import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DriverError } from './driver.ts';

/** Above what distributions give to people, below what they reserve for themselves. */
export const FIRST_USER_ID = 30_000;
const LAST_USER_ID = 59_999;

/**
 * Gives every instance a user id of its own, for ever: one file for each id, named after it, holding the
 * instance's id. An id is never given to a second tenant, so a forgotten file can never be read by one.
 */
export async function userIdFor(folder: string, instanceId: string): Promise<number> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let next = FIRST_USER_ID;
  for (const name of await readdir(folder)) {
    const id = Number(name);
    if ((await readFile(join(folder, name), 'utf8')) === instanceId) return id;
    next = Math.max(next, id + 1);
  }
  for (let id = next; id <= LAST_USER_ID; id++) {
    try {
      await writeFile(join(folder, String(id)), instanceId, { flag: 'wx', mode: 0o600 });
      return id;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
  throw new DriverError(
    `No user id is left between ${FIRST_USER_ID} and ${LAST_USER_ID}: move instances to another machine.`,
  );
}
