import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DriverError } from '../driver/driver.ts';
import { isMissing } from '../files.ts';
import type { Release } from '../release.ts';
import type { DesiredInstance } from '../workflows/context.ts';
import { contentOf } from './digest.ts';

/** So many of the youngest stay although nobody runs them: pages that are open still load their files from them. */
const KEPT = 3;

interface Known {
  id: string;
  current: boolean;
  instances: number;
}

/** The artefacts on this machine, in `<data>/releases/<id>`. */
export interface Releases {
  /**
   * What an instance should run, once its bytes are those that were published.
   * @throws DriverError where they are not, or the artefact is not here
   */
  of(instance: Pick<DesiredInstance, 'targetRelease'>): Promise<Release>;
  /** Reads again what was found whole before; what is not any more is not started again. Answers their ids. */
  recheck(): Promise<string[]>;
  /** Removes what nobody runs or may go back to. */
  prune(known: readonly Known[]): Promise<string[]>;
}

/** @param preset what runs where nothing was decided yet */
export function openReleases(dataDir: string, preset: Release): Releases {
  const folder = join(dataDir, 'releases');
  const whole = new Map<string, Promise<void>>();

  async function verify({ id, path }: Release, digest: string): Promise<void> {
    const content = await contentOf(path).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
      throw new DriverError(
        `Release ${id} is not in ${path}. Publish it again (npm run release -- publish).`,
      );
    });
    if (content.digest !== digest)
      throw new DriverError(
        `The files of release ${id} in ${path} are not those that were published. Restore the folder or publish another release.`,
      );
  }

  function once(release: Release, digest: string): Promise<void> {
    const key = `${release.id} ${digest}`;
    let verified = whole.get(key);
    if (!verified) {
      verified = verify(release, digest);
      whole.set(key, verified);
      verified.catch(() => whole.delete(key));
    }
    return verified;
  }

  const releaseOf = (id: string): Release => (id === preset.id ? preset : { id, path: join(folder, id) });

  return {
    async of({ targetRelease }) {
      if (!targetRelease) return preset;
      const release = releaseOf(targetRelease.id);
      if (targetRelease.digest) await once(release, targetRelease.digest);
      return release;
    },
    async recheck() {
      const broken: string[] = [];
      for (const key of [...whole.keys()]) {
        const [id = '', digest = ''] = key.split(' ');
        await verify(releaseOf(id), digest).catch((error: unknown) => {
          if (!(error instanceof DriverError)) throw error;
          whole.delete(key);
          broken.push(id);
        });
      }
      return broken;
    },
    async prune(known) {
      const names = await readdir(folder).catch((error: unknown): string[] => {
        if (isMissing(error)) return [];
        throw error;
      });
      const removed: string[] = [];
      for (const { id, current, instances } of known.slice(KEPT)) {
        if (current || instances > 0 || id === preset.id || !names.includes(id)) continue;
        await rm(join(folder, id), { recursive: true, force: true });
        removed.push(id);
      }
      return removed;
    },
  };
}
