import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { call } from '../endpoint.ts';

const START_ATTEMPTS = 300;
const PAUSE_MS = 100;
const PRUNE_MS = 10_000;
const DOCKERD = '/usr/sbin/dockerd';

/** A Docker engine of a test's own; it must be root's. */
export interface TestEngine {
  socket: string;
  stop(): Promise<void>;
}

/** Why there can be no engine here; undefined where there can. */
export function noEngine(): string | undefined {
  if (process.getuid?.() !== 0) return 'a Docker engine needs root';
  return existsSync(DOCKERD) ? undefined : `no ${DOCKERD}: install the Debian package docker.io`;
}

/** Starts an engine in a folder of its own. @throws Error with its log where it does not come up */
export async function startEngine(): Promise<TestEngine> {
  // Not in TMPDIR: the paths of its sockets must stay short.
  const folder = await mkdtemp('/tmp/pd-');
  const socket = join(folder, 's');
  const log = join(folder, 'log');
  await writeFile(log, '');
  const child: ChildProcess = spawn(
    DOCKERD,
    [
      `--host=unix://${socket}`,
      `--data-root=${join(folder, 'data')}`,
      `--exec-root=${join(folder, 'exec')}`,
      `--pidfile=${join(folder, 'pid')}`,
      '--bridge=none',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  child.stderr?.on('data', (text: Buffer) => void writeFile(log, text, { flag: 'a' }));
  for (let attempt = 1; ; attempt++) {
    const answer = await call(`unix:${socket}`, { path: '/_ping', host: 'docker', timeoutMs: 1_000 }).catch(
      () => undefined,
    );
    if (answer?.status === 200) break;
    if (attempt === START_ATTEMPTS || child.exitCode !== null) {
      child.kill('SIGKILL');
      throw new Error(`dockerd did not come up:\n${(await readFile(log, 'utf8')).slice(-2_000)}`);
    }
    await sleep(PAUSE_MS);
  }
  return {
    socket,
    async stop() {
      // Their bridges would outlive the engine.
      await call(`unix:${socket}`, {
        method: 'POST',
        path: '/networks/prune',
        host: 'docker',
        timeoutMs: PRUNE_MS,
      });
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
