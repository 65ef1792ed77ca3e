/** What runs for instances, seen from the machine: processes, and the containers that they may be in. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { World } from './world.ts';

/** As tools/image.ts names images. */
const IMAGE = 'preau/lms';

/** The processes of which the environment and the command, or title, are as looked for. */
function processesWhere(sought: (environment: string, command: string) => boolean): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8');
      return sought(read('environ'), read('cmdline'));
    } catch {
      return false;
    }
  });
}

/** The processes that run for an instance, by the id in their environment or, where it came later, in their title. */
export const processesOf = (instanceId: string): string[] =>
  processesWhere((environment, command) => (environment + command).includes(instanceId));

/** The processes that wait for an instance to be. */
const standbys = ({ platform }: World) =>
  processesWhere(
    (environment, command) =>
      environment.includes('PREAU_SLOT=standby/') &&
      environment.includes(platform.dataDir) &&
      !/^preau [\da-f-]{36}/.test(command),
  );

/** Ends an instance as a crash would, and what its driver could start again without the release. */
export async function crash({ platform }: World, instanceId: string): Promise<void> {
  if (!platform.engine) {
    for (const pid of processesOf(instanceId)) process.kill(Number(pid), 'SIGKILL');
    return;
  }
  const filters = encodeURIComponent(JSON.stringify({ label: [`preau.instance=${instanceId}`] }));
  const found = await ask(platform.engine, 'GET', `/containers/json?all=1&filters=${filters}`);
  for (const { Id } of JSON.parse(found) as { Id: string }[])
    await ask(platform.engine, 'DELETE', `/containers/${Id}?force=1`);
}

/** Runs work while no instance can be started: releases, images and what was started before are away. */
export async function withoutRelease(world: World, work: () => Promise<void>): Promise<void> {
  const { dataDir, engine } = world.platform;
  const releases = join(dataDir, 'releases');
  const names = readdirSync(releases).filter((name) => !name.endsWith('.away'));
  for (const name of names) renameSync(join(releases, name), join(releases, `${name}.away`));
  if (engine) for (const name of names) await rename(engine, name, `${name}.away`);
  for (const pid of standbys(world)) process.kill(Number(pid), 'SIGKILL');
  try {
    await work();
  } finally {
    for (const name of names) renameSync(join(releases, `${name}.away`), join(releases, name));
    if (engine) for (const name of names) await rename(engine, `${name}.away`, name);
  }
}

async function rename(engine: string, from: string, to: string): Promise<void> {
  await ask(engine, 'POST', `/images/${IMAGE}:${from}/tag?repo=${IMAGE}&tag=${to}`);
  await ask(engine, 'DELETE', `/images/${IMAGE}:${from}`);
}

/** Engine API 1.41. */
function ask(socketPath: string, method: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ socketPath, method, path: `/v1.41${path}`, headers: { host: 'docker' } }, async (answer) => {
      const text = Buffer.concat(await answer.toArray()).toString();
      if ((answer.statusCode ?? 500) < 300) resolve(text);
      else reject(new assert.AssertionError({ message: `${method} ${path}: ${answer.statusCode} ${text}` }));
    })
      .on('error', reject)
      .end();
  });
}
