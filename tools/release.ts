/** Publishes the built LMS as an immutable release folder that instances run from. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.ts';

const RELEASES_KEPT = 3;

export interface PublishedRelease {
  /** The digest of its sources, twelve characters. */
  name: string;
  folder: string;
}

/** Copies the artefact once per build: a rebuild never changes files under a running instance. */
export function publishRelease(dataDir: string): PublishedRelease {
  const name = readFileSync(join(root, '.data/built/lms'), 'utf8').slice(0, 12);
  const releases = join(dataDir, 'releases');
  const folder = join(releases, name);
  if (!existsSync(folder)) {
    mkdirSync(releases, { recursive: true });
    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    cpSync(join(root, 'apps/lms/.next/standalone'), partial, { recursive: true, verbatimSymlinks: true });
    renameSync(partial, folder);
  }
  const byAge = readdirSync(releases)
    .map((entry) => ({ entry, at: statSync(join(releases, entry)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { entry } of byAge.slice(RELEASES_KEPT)) {
    if (entry !== name) rmSync(join(releases, entry), { recursive: true, force: true });
  }
  return { name, folder };
}
