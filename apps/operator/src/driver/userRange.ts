import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DriverError } from './driver.ts';

/** Above what distributions give to people, below what they reserve for themselves. */
export const FIRST_USER_ID = 30_000;
const LAST_USER_ID = 59_999;
const SIZE = LAST_USER_ID - FIRST_USER_ID + 1;
/** Holds the id that was given last. */
const LAST = 'last';

/**
 * User ids and whose they are: one file for each, named after it, holding its owner. An instance keeps its id for
 * ever. A standby's is given back when its process, its folder and its sockets are gone, and as ids are given in a
 * circle, all the others come before it is given again.
 */
export interface UserRange {
  of(owner: string): Promise<number>;
  free(owner: string): Promise<void>;
}

export async function openUserRange(folder: string): Promise<UserRange> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const owners = new Map<string, number>();
  const taken = new Set<number>();
  let last = FIRST_USER_ID - 1;
  for (const name of await readdir(folder)) {
    const id = Number(name);
    if (!Number.isInteger(id)) continue;
    owners.set(await readFile(join(folder, name), 'utf8'), id);
    taken.add(id);
    last = Math.max(last, id);
  }
  const noted = Number(await readFile(join(folder, LAST), 'utf8').catch(() => Number.NaN));
  if (Number.isInteger(noted)) last = noted;

  return {
    async of(owner) {
      const known = owners.get(owner);
      if (known !== undefined) return known;
      for (let step = 0; step < SIZE; step++) {
        last = last >= LAST_USER_ID ? FIRST_USER_ID : last + 1;
        const id = last;
        if (taken.has(id)) continue;
        taken.add(id);
        try {
          await writeFile(join(folder, String(id)), owner, { flag: 'wx', mode: 0o600 });
        } catch (error) {
          if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
          continue;
        }
        owners.set(owner, id);
        await writeFile(join(folder, LAST), String(id), { mode: 0o600 });
        return id;
      }
      throw new DriverError(
        `No user id is left between ${FIRST_USER_ID} and ${LAST_USER_ID}: move instances to another machine.`,
      );
    },
    async free(owner) {
      const id = owners.get(owner);
      if (id === undefined) return;
      await rm(join(folder, String(id)), { force: true });
      owners.delete(owner);
      taken.delete(id);
    },
  };
}
