/**
 * Publishes builds as immutable folders: a rebuild never changes files under a running process.
 *
 * `npm run release -- publish [--id NAME] [--artefact FOLDER] [--notes FOLDER]` publishes the LMS as it is now, or an
 * artefact that was built elsewhere, and makes it known to the platform that runs, with its container image where that
 * runs by `DRIVER=docker`; `npm run release -- list` shows what was published. Bringing it to the fleet is done in
 * SuperAdmin. `npm run release -- backend` and `-- hub` build those and let them take over from the processes that run,
 * without a lost request.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Client } from '@preau/contract';
import { API_VERSION } from '@preau/contract/apiVersion';
import { type ReleaseManifest, releaseId, releaseManifest } from '@preau/contract/platform/releases';
import { contentOf, MANIFEST } from '../apps/operator/src/releases/digest.ts';
import { openBackend } from './backend.ts';
import { build } from './build.ts';
import { currentOf, HANDED_OVER, type HandedOver, handOver, pointTo } from './handover.ts';
import { engineSocket, imageOf } from './image.ts';
import { defaultDataDir, root } from './paths.ts';
import { fail, Refusal, step } from './terminal.ts';

/** What the build of the LMS left. */
export const BUILT = join(root, 'apps/lms/.next/standalone');
const NOTES = join(root, 'apps/lms/notes');

export interface PublishedRelease {
  manifest: ReleaseManifest;
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

/**
 * Publishes an artefact of the LMS in `<data>/releases/<id>`, with a manifest beside it; the operator removes what
 * nobody runs any more.
 * @param options.id by default the digest of its sources, twelve characters
 * @throws Refusal where other bytes have that id
 */
export async function publishRelease(
  dataDir: string,
  options: { id?: string | undefined; artefact?: string | undefined; notes?: string | undefined } = {},
): Promise<PublishedRelease> {
  const id = releaseId.parse(options.id ?? digestOf('lms'));
  const artefact = options.artefact ?? BUILT;
  const folder = join(dataDir, 'releases', id);
  if (existsSync(folder)) return { manifest: await published(folder, id, options), folder };
  const content = await contentOf(artefact);
  const manifest = manifestOf(id, content, options.notes);
  publish(folder, (partial) => {
    cpSync(artefact, partial, { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(partial, MANIFEST), JSON.stringify(manifest));
  });
  return { manifest, folder };
}

/** What lies there already. A build of the same sources is the same release; an artefact that is named must be it. */
async function published(
  folder: string,
  id: string,
  { artefact, notes }: { artefact?: string | undefined; notes?: string | undefined },
): Promise<ReleaseManifest> {
  const path = join(folder, MANIFEST);
  if (!existsSync(path)) writeFileSync(path, JSON.stringify(manifestOf(id, await contentOf(folder), notes)));
  const manifest = releaseManifest.parse(JSON.parse(readFileSync(path, 'utf8')));
  if (artefact && (await contentOf(artefact)).digest !== manifest.digest)
    throw new Refusal(
      `Release ${id} exists with other bytes: a release is never changed. Choose another --id.`,
    );
  return manifest;
}

function manifestOf(
  id: string,
  content: { digest: string; bytes: number },
  notes: string = NOTES,
): ReleaseManifest {
  const text = (language: string) => {
    const path = join(notes, `${language}.txt`);
    return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  };
  return releaseManifest.parse({
    id,
    ...content,
    minApi: API_VERSION,
    maxApi: API_VERSION,
    notes: { fr: text('fr'), en: text('en') },
    builtAt: new Date().toISOString(),
  });
}

/** Makes a release known to the backend. */
export async function registerRelease(
  backend: Client,
  { manifest }: PublishedRelease,
  rollOut: boolean,
): Promise<void> {
  const { id, ...body } = manifest;
  await backend.registerRelease({ params: { releaseId: id }, body: { ...body, rollOut } });
}

/** What a service runs from, in its app's folder. */
const BUNDLES: Record<string, string[]> = { hub: ['build', 'server.ts'] };
/** What starts it. */
export const mainOf = (app: string): string => (app === 'hub' ? 'server.ts' : 'dist/main.js');

/** Packages are found in the checkout's node_modules, as beside the sources. @returns the build's folder */
function publishBuild(dataDir: string, app: string): string {
  const folder = join(dataDir, 'services', app, digestOf(app));
  publish(folder, (partial) => {
    for (const file of BUNDLES[app] ?? ['dist'])
      cpSync(join(root, 'apps', app, file), join(partial, file), { recursive: true });
    const own = join(root, 'apps', app, 'node_modules');
    if (existsSync(own)) symlinkSync(own, join(partial, 'node_modules'));
  });
  return folder;
}

function dropOtherBuilds(kept: string[]): void {
  for (const builds of new Set(kept.map(dirname)))
    for (const entry of readdirSync(builds, { withFileTypes: true })) {
      const path = join(builds, entry.name);
      if (entry.isDirectory() && !kept.includes(path)) rmSync(path, { recursive: true, force: true });
    }
}

/**
 * A built service, and nothing but the build that starts now: only one launcher runs on a data folder.
 * @returns its folder
 */
export function publishService(dataDir: string, app: string): string {
  const folder = publishBuild(dataDir, app);
  pointTo(currentOf(dataDir, app), folder);
  dropOtherBuilds([folder]);
  const packages = join(dataDir, 'services/node_modules');
  rmSync(packages, { force: true });
  symlinkSync(join(root, 'node_modules'), packages);
  return folder;
}

/** Builds a service and lets that build take over from the one that runs. */
async function update(dataDir: string, service: HandedOver): Promise<void> {
  await build([service]);
  const published = publishBuild(dataDir, service);
  const { folder, former, milliseconds } = await step(`The new ${service} takes over`, () =>
    handOver(dataDir, service, published),
  );
  // The former process still ends what is under way, and may load more of its build for it.
  dropOtherBuilds([folder, former].filter(Boolean));
  console.log(`✓ The ${service} runs ${basename(folder)} after ${(milliseconds / 1000).toFixed(1)} s`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { id: { type: 'string' }, artefact: { type: 'string' }, notes: { type: 'string' } },
  });
  const dataDir = defaultDataDir();
  const [command] = positionals;
  if (command === 'publish') {
    if (!values.artefact) await build(['lms']);
    const release = await publishRelease(dataDir, {
      id: values.id,
      artefact: values.artefact && resolve(values.artefact),
      notes: values.notes && resolve(values.notes),
    });
    if (process.env.DRIVER === 'docker')
      await step('Container image of the release', () => imageOf(release, engineSocket()));
    await registerRelease(await openBackend(dataDir), release, false);
    console.log(`✓ Published ${release.manifest.id} (${release.manifest.digest.slice(0, 12)}…)`);
  } else if (command === 'list') {
    const { items } = await (await openBackend(dataDir)).listKnownReleases();
    for (const { id, publishedAt, current, yanked, instances } of items)
      console.log(
        [id, publishedAt, `${instances} platforms`, current && 'current', yanked && 'withdrawn']
          .filter(Boolean)
          .join('  '),
      );
  } else {
    const service = HANDED_OVER.find((one) => one === command);
    if (!service)
      throw new Refusal(
        `Say what to do: npm run release -- ${['publish', 'list', ...HANDED_OVER].join(' | ')}`,
      );
    await update(dataDir, service);
  }
}

if (import.meta.main) await main().catch(fail);
