import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';

const DIGEST_LENGTH = 16;

/** An immutable folder from which instances run, named by what is in it. */
export interface Release {
  id: string;
  path: string;
}

/** The module that starts an instance of this release. */
export function entryOf(releasePath: string): string {
  const inWorkspace = join(releasePath, 'apps/lms/start.mjs');
  return existsSync(inWorkspace) ? inWorkspace : join(releasePath, 'start.mjs');
}

/**
 * Copies a built artefact into `<dataDir>/releases/<digest>`, once: a later build in the same place can
 * then not pull the files away from under running instances.
 */
export async function installRelease(artefact: string, dataDir: string): Promise<Release> {
  const source = resolve(artefact);
  if (!existsSync(entryOf(source)))
    throw new Error(`LMS_RELEASE_DIR (${source}) holds no start.mjs: build the LMS first (npm start does).`);
  const id = await digestOf(source);
  const releases = join(resolve(dataDir), 'releases');
  const path = join(releases, id);
  if (!existsSync(path)) {
    await mkdir(releases, { recursive: true });
    await chmod(releases, 0o755);
    const draft = `${path}.${process.pid}.new`;
    await rm(draft, { recursive: true, force: true });
    await cp(source, draft, { recursive: true, verbatimSymlinks: true });
    await rename(draft, path).catch(async (error) => {
      await rm(draft, { recursive: true, force: true });
      if (!existsSync(path)) throw error;
    });
  }
  return { id, path };
}

async function digestOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    hash.update(`${relative(folder, file)}\0`);
    hash.update(
      createHash('sha256')
        .update(await readFile(file))
        .digest(),
    );
  }
  return hash.digest('hex').slice(0, DIGEST_LENGTH);
}
