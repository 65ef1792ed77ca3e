/** Publishes builds as immutable folders of a run: a rebuild never changes files under a running process. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './paths.ts';

const RELEASES_KEPT = 3;

export interface PublishedRelease {
  /** The digest of its sources, twelve characters. */
  name: string;
  folder: string;
}

const digestOf = (app: string): string => readFileSync(join(root, '.data/built', app), 'utf8').slice(0, 12);

/** Fills a folder aside and puts it in its place whole; one that is there already stays. */
function publish(folder: string, fill: (partial: string) => void): void {
  if (existsSync(folder)) return;
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  fill(partial);
  renameSync(partial, folder);
}

/** The built LMS, which instances run from: three releases stay. */
export function publishRelease(dataDir: string): PublishedRelease {
  const name = digestOf('lms');
  const releases = join(dataDir, 'releases');
  const folder = join(releases, name);
  publish(folder, (partial) =>
    cpSync(join(root, 'apps/lms/.next/standalone'), partial, { recursive: true, verbatimSymlinks: true }),
  );
  const byAge = readdirSync(releases)
    .map((entry) => ({ entry, at: statSync(join(releases, entry)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { entry } of byAge.slice(RELEASES_KEPT)) {
    if (entry !== name) rmSync(join(releases, entry), { recursive: true, force: true });
  }
  return { name, folder };
}

/**
 * A built service, and nothing but the build that starts now: only one launcher runs on a data folder. Packages are
 * found in the checkout's node_modules, as beside the sources.
 * @param files what it runs from, in the app's folder
 * @returns its folder
 */
export function publishService(dataDir: string, app: string, files: string[]): string {
  const folder = join(dataDir, 'services', app, digestOf(app));
  publish(folder, (partial) => {
    for (const file of files) cpSync(join(root, 'apps', app, file), join(partial, file), { recursive: true });
    const own = join(root, 'apps', app, 'node_modules');
    if (existsSync(own)) symlinkSync(own, join(partial, 'node_modules'));
  });
  const builds = dirname(folder);
  for (const entry of readdirSync(builds)) {
    if (join(builds, entry) !== folder) rmSync(join(builds, entry), { recursive: true, force: true });
  }
  const packages = join(dataDir, 'services/node_modules');
  rmSync(packages, { force: true });
  symlinkSync(join(root, 'node_modules'), packages);
  return folder;
}
