/** A backend in a process of its own, from its sources, as the launcher would start it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../tools/paths.ts';

const START_MS = 60_000;
const ERROR_LEVEL = 50;

export interface Mutation {
  /** The end of a source file's path. */
  file: string;
  find: string;
  replace: string;
}

export interface AttackedBackend {
  url: string;
  /** What it logged as an error, and rejections that nobody handled, since the last call. */
  errors(): string[];
  /** Bytes of the process once its garbage is collected. */
  memory(): Promise<number>;
  stop(): Promise<void>;
}

interface Line {
  level: number;
  msg?: string;
  port?: number;
  requestId?: string;
  path?: string;
  err?: { message?: string; stack?: string };
}

/** @param entry what the process runs: the backend, or a door before it */
export async function startAttacked(
  environment: Record<string, string>,
  mutations: readonly Mutation[] = [],
  entry = 'apps/backend/src/main.ts',
): Promise<AttackedBackend> {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', join(root, 'attack/inside.ts'), join(root, entry)],
    {
      cwd: root,
      env: {
        ...process.env,
        ...environment,
        PORT: '0',
        LOG_LEVEL: 'info',
        ...(mutations.length > 0 ? { ATTACK_MUTATIONS: JSON.stringify(mutations) } : {}),
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  let errors: string[] = [];
  let stderr = '';
  let exited = false;
  child.stderr?.on('data', (text) => {
    stderr = `${stderr}${text}`.slice(-8_000);
  });
  child.on('message', (message) => {
    if (typeof message === 'object' && message !== null && 'unhandled' in message)
      errors.push(`unhandled: ${String(message.unhandled)}`);
  });
  child.once('exit', () => {
    exited = true;
  });
  const port = await new Promise<number>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the backend did not start: ${stderr}`)), START_MS);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the backend ended with ${code}: ${stderr}`)));
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).on('line', (text) => {
      let line: Line;
      try {
        line = JSON.parse(text) as Line;
      } catch {
        return;
      }
      if (line.level >= ERROR_LEVEL)
        errors.push(`${line.msg} ${line.path ?? ''}: ${line.err?.stack ?? line.err?.message ?? ''}`);
      if (line.msg === 'ready' && line.port) {
        clearTimeout(late);
        resolve(line.port);
      }
    });
  });

  return {
    url: `http://127.0.0.1:${port}`,
    errors() {
      const seen = errors;
      errors = [];
      return exited ? [...seen, `the backend ended: ${stderr}`] : seen;
    },
    async memory() {
      const answer = once(child, 'message') as Promise<[{ memory: number }]>;
      child.send('memory');
      return (await answer)[0].memory;
    },
    async stop() {
      if (exited) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}
