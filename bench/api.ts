/** The API's hot reads for a signed-in learner, against a bare `pg` handler that answers the same JSON. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { BareSettings } from './bare.ts';
import { read, type Target } from './exchange.ts';
import type { Learner } from './learners.ts';
import { type LoadResult, load, medianOf } from './load.ts';
import { ownDatabases, usageOf } from './processes.ts';
import type { Site } from './site.ts';

export interface ApiBench {
  clients: number;
  seconds: number;
  rounds: number;
}

export interface Comparison {
  name: string;
  api: LoadResult;
  bare: LoadResult;
  /** The API's requests per second as a share of the bare handler's. */
  share: number;
}

export async function benchApi(
  { platform, demo, usage }: Site,
  { session, lessonId }: Learner,
  { clients, seconds, rounds }: ApiBench,
): Promise<Comparison[]> {
  const { client, signer, tenantId } = demo;
  const me = await client.getMe({ session });
  const lesson = await client.getActivity({ session, params: { activityId: lessonId } });
  const database = new URL(platform.superuserUrl);
  database.pathname = new URL(platform.databaseUrl).pathname;
  const bare = await startBare({
    databaseUrl: database.href,
    tenantId,
    userId: me.id,
    activityId: lessonId,
    lesson,
  });
  try {
    const headers = { authorization: `Bearer ${await signer.token()}`, 'preau-session': session };
    const ours = (path: string): Target => ({
      port: platform.ports.backend,
      host: '127.0.0.1',
      path,
      headers,
    });
    const theirs = (path: string): Target => ({ port: bare.port, host: '127.0.0.1', path });
    const kinds = [
      { name: 'list courses', api: ours('/v1/courses'), bare: theirs('/courses') },
      { name: 'read lesson', api: ours(`/v1/activities/${lessonId}`), bare: theirs('/lesson') },
    ].map((kind) => ({ ...kind, apiRounds: [] as LoadResult[], bareRounds: [] as LoadResult[] }));
    for (const kind of kinds) await requireSame(kind.api, kind.bare);
    const bareUsage = () => usageOf({ bare: [bare.pid], postgres: ownDatabases() });
    for (let round = 0; round < rounds; round += 1) {
      for (const kind of kinds) {
        kind.apiRounds.push(await load(() => kind.api, { clients, seconds, usage }));
        kind.bareRounds.push(await load(() => kind.bare, { clients, seconds, usage: bareUsage }));
      }
    }
    return kinds.map(({ name, apiRounds, bareRounds }) => {
      const api = medianOf(apiRounds);
      const plain = medianOf(bareRounds);
      return { name, api, bare: plain, share: api.perSecond / plain.perSecond };
    });
  } finally {
    bare.child.kill();
  }
}

/** A comparison of different answers would compare nothing. */
async function requireSame(one: Target, other: Target): Promise<void> {
  const [api, bare] = await Promise.all([read(one), read(other)]);
  assert.equal(api.status, 200, api.text);
  assert.equal(bare.status, 200, bare.text);
  assert.deepEqual(JSON.parse(bare.text), JSON.parse(api.text));
}

async function startBare(
  settings: BareSettings,
): Promise<{ child: ChildProcess; pid: number; port: number }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bare.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.write(`${JSON.stringify(settings)}\n`);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, pid: child.pid ?? 0, port: Number(line.toString()) };
}
