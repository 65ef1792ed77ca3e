/**
 * Container images of the LMS, for instances that run on a Docker engine (`DRIVER=docker npm start`). Needs Linux and
 * an engine, 20.10 or newer, at DOCKER_HOST (`unix:///var/run/docker.sock` where nothing is said).
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { entryOf } from '../apps/operator/src/release.ts';
import { root } from './paths.ts';
import type { PublishedRelease } from './release.ts';
import { Refusal } from './terminal.ts';

const DOCKERFILE = join(root, 'deploy/docker/Dockerfile');

/** The module in a release's folder that the image starts. */
const ENTRY = 'start.mjs';

/** As the operator names images (its LMS_IMAGE). */
const IMAGE = 'preau/lms';

/** The engine's socket. @throws Refusal where DOCKER_HOST names none */
export function engineSocket(host = process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock'): string {
  if (!host.startsWith('unix://'))
    throw new Refusal(
      `DOCKER_HOST is ${host}. Only an engine of this machine will do: unix:///path/to/docker.sock`,
    );
  return host.slice('unix://'.length);
}

/** The shared libraries that a program loads, as `ldd` prints them. */
function librariesOf(program: string): string[] {
  const { stdout, status } = spawnSync('ldd', [program], { encoding: 'utf8' });
  if (status !== 0) throw new Refusal(`ldd cannot read ${program}. Images are made on Linux with glibc.`);
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].flatMap(([, path]) => path ?? []);
}

/**
 * Builds the image `name` from a release's folder.
 * @param socket of the engine
 * @throws Refusal with what the engine said
 */
export async function buildImage(options: {
  releasePath: string;
  name: string;
  socket: string;
}): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), 'preau-image-'));
  try {
    const rootfs = join(context, 'root');
    await mkdir(rootfs);
    await cp(DOCKERFILE, join(context, 'Dockerfile'));
    await cp(process.execPath, join(rootfs, 'node'));
    for (const library of librariesOf(process.execPath)) {
      await mkdir(dirname(join(rootfs, library)), { recursive: true });
      await cp(library, join(rootfs, library), { dereference: true });
    }
    const release = join(rootfs, 'release');
    await cp(options.releasePath, release, { recursive: true, verbatimSymlinks: true });
    // One way into every image, wherever the build has its own.
    const entry = relative(options.releasePath, entryOf(options.releasePath));
    if (entry !== ENTRY) await symlink(entry, join(release, ENTRY));
    await post(context, options);
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

/** Makes the image of a release, unless the engine has it: releases never change. */
export async function imageOf(
  { manifest: { id: name }, folder }: PublishedRelease,
  socket: string,
): Promise<void> {
  const image = `${IMAGE}:${name}`;
  const asked = request({
    socketPath: socket,
    path: `/v1.41/images/${image}/json`,
    headers: { host: 'docker' },
  });
  asked.end();
  const [answer] = await once(asked, 'response').catch(unreachable(socket));
  answer.resume();
  if (answer.statusCode !== 200) await buildImage({ releasePath: folder, name: image, socket });
}

const unreachable = (socket: string) => (cause: unknown) => {
  throw new Refusal(`No Docker engine answers on ${socket}: ${cause}. Start one, or set DOCKER_HOST.`);
};

/** Sends the build context to the engine (Engine API 1.41, `POST /build`) and reads its answer to the end. */
async function post(context: string, { name, socket }: { name: string; socket: string }): Promise<void> {
  const archive = spawn('tar', ['-c', '--numeric-owner', '--owner=0', '--group=0', '-C', context, '.'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const outgoing = request({
    socketPath: socket,
    method: 'POST',
    path: `/v1.41/build?t=${encodeURIComponent(name)}&forcerm=1`,
    headers: { 'content-type': 'application/x-tar', host: 'docker' },
  });
  archive.stdout.pipe(outgoing);
  const [answer] = await once(outgoing, 'response').catch(unreachable(socket));
  let said = '';
  for await (const chunk of answer) said += chunk;
  const failed = /"error":"((?:[^"\\]|\\.)*)"/.exec(said)?.[1];
  if (answer.statusCode !== 200 || failed) throw new Refusal(`The image was not built: ${failed ?? said}`);
}
