import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMissing } from '../files.ts';

const ROOT = '/sys/fs/cgroup';
const PARENT = 'preau';
const REMOVE_ATTEMPTS = 10;
const REMOVE_PAUSE_MS = 20;

/** A control group hierarchy in which this process may limit memory. */
export interface MemoryGroups {
  /** Makes the group with a limit and moves the process into it. */
  confine(name: string, pid: number, memoryMiB: number): Promise<void>;
  /** Removes an empty group; one that still has processes stays. */
  remove(name: string): Promise<void>;
}

/** Finds a writable memory controller, version 2 first, then 1; undefined where there is none. */
export async function findMemoryGroups(): Promise<MemoryGroups | undefined> {
  return (
    (await open(join(ROOT, PARENT), 'memory.max', join(ROOT, 'cgroup.subtree_control'))) ??
    (await open(join(ROOT, 'memory', PARENT), 'memory.limit_in_bytes'))
  );
}

async function open(
  parent: string,
  limitFile: string,
  delegation?: string,
): Promise<MemoryGroups | undefined> {
  try {
    if (delegation) {
      await writeFile(delegation, '+memory');
    }
    await mkdir(parent, { recursive: true });
    if (delegation) await writeFile(join(parent, 'cgroup.subtree_control'), '+memory');
    const probe = join(parent, `probe-${randomUUID()}`);
    await mkdir(probe, { recursive: true });
    try {
      await access(join(probe, limitFile), constants.W_OK);
      await readFile(join(probe, limitFile));
    } finally {
      await rmdir(probe);
    }
  } catch {
    return undefined;
  }
  return {
    async confine(name, pid, memoryMiB) {
      const group = join(parent, name);
      await mkdir(group, { recursive: true });
      await writeFile(join(group, limitFile), String(memoryMiB * 1024 * 1024));
      await writeFile(join(group, 'cgroup.procs'), String(pid));
    },
    async remove(name) {
      // The kernel frees a group a moment after its last process ended.
      for (let attempt = 0; attempt < REMOVE_ATTEMPTS; attempt++) {
        try {
          return await rmdir(join(parent, name));
        } catch (error) {
          if (isMissing(error)) return;
          await sleep(REMOVE_PAUSE_MS);
        }
      }
    },
  };
}
