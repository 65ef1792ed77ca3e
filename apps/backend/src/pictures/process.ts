import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { PictureAnswer, PictureTask } from './task.ts';

/** Bytes of data that the process may hold. A picture of 80 million pixels needs less than a third in strips. */
const MEMORY_KIBIBYTES = 1_200_000;
const TASK_MS = 30_000;
/** The process ends when nobody needed it for so long. */
const IDLE_MS = 30_000;
const MAX_WAITING = 100;

/** In a bundle the worker's code lies beside every chunk. */
const CODE = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './pictures.js', import.meta.url),
);

export class PicturesBusy extends Error {
  override name = 'PicturesBusy';
}

/** Whoever opens pictures: one at a time, apart from the process that serves requests. */
export interface Pictures {
  /** `unreadable` too where the picture took too long, or more memory than it may. @throws PicturesBusy */
  carryOut(task: PictureTask): Promise<PictureAnswer>;
  stop(): void;
}

export function openPictures(limits: { taskMs?: number; memoryKibibytes?: number } = {}): Pictures {
  const { taskMs = TASK_MS, memoryKibibytes = MEMORY_KIBIBYTES } = limits;
  let child: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let number = 0;

  function start(): ChildProcess {
    const started = spawn(
      '/bin/sh',
      [
        '-c',
        `ulimit -d ${memoryKibibytes}; exec "$0" "$@"`,
        process.execPath,
        '--max-old-space-size=256',
        CODE,
      ],
      {
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        // Nothing of the backend's: no database, no key.
        env: {
          NODE_ENV: process.env.NODE_ENV,
          PATH: '/usr/bin:/bin',
          ...(process.env.FONTCONFIG_FILE ? { FONTCONFIG_FILE: process.env.FONTCONFIG_FILE } : {}),
        },
      },
    );
    started.on('error', () => {});
    started.once('exit', () => {
      if (child === started) child = undefined;
    });
    return started;
  }

  function end(): void {
    clearTimeout(idle);
    child?.kill('SIGKILL');
    child = undefined;
  }

  function perform(task: PictureTask): Promise<PictureAnswer> {
    clearTimeout(idle);
    child ??= start();
    const worker = child;
    const id = ++number;
    return new Promise<PictureAnswer>((resolve) => {
      const finish = (answer: PictureAnswer) => {
        clearTimeout(timer);
        worker.off('message', hear);
        worker.off('exit', gone);
        worker.off('error', gone);
        idle = setTimeout(end, IDLE_MS).unref();
        resolve(answer);
      };
      const hear = (message: unknown) => {
        const { id: of, answer } = message as { id: number; answer: PictureAnswer };
        if (of === id) finish(answer);
      };
      const gone = () => finish({ kind: 'unreadable', reason: 'the process ended over it' });
      const timer = setTimeout(() => {
        finish({ kind: 'unreadable', reason: 'it took too long' });
        end();
      }, taskMs);
      worker.on('message', hear);
      worker.once('exit', gone);
      worker.once('error', gone);
      worker.send({ id, task });
    });
  }

  return {
    async carryOut(task) {
      if (waiting >= MAX_WAITING) throw new PicturesBusy('too many pictures are waiting');
      waiting++;
      const turn = last.then(() => perform(task));
      last = turn.catch(() => {});
      return turn.finally(() => {
        waiting--;
      });
    },
    stop: end,
  };
}
