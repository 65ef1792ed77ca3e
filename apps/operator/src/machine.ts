import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResponseOf } from '@preau/contract';
import {
  type beatMachine,
  FIRST_MACHINE,
  type MachineState,
  machineName,
} from '@preau/contract/platform/machines';
import { z } from 'zod';
import { isMissing, readJson, writeJson } from './files.ts';
import { readFreeBytes } from './releases/room.ts';
import type { Context } from './workflows/context.ts';

const BEAT_MS = 5_000;
const MEBIBYTE = 1024 * 1024;

/** What the backend answers a machine that says that it lives. */
export type Beat = ResponseOf<typeof beatMachine>;

export interface Machine {
  /** What staff decided about it, as last heard; undefined before the backend has answered. */
  readonly state: MachineState | undefined;
  /** Says now that it lives. */
  beat(): Promise<Beat>;
  start(): void;
  stop(): void;
}

/**
 * Says every few seconds that this machine lives and how much room it has. One that is said to be gone, and comes back,
 * learns it here: none of the instances is its own any more, so the reconciler ends what still runs.
 * @param depart moves what is always on elsewhere; called again and again while the machine drains and another has room
 */
export function openMachine(
  { backend, machine, log }: Pick<Context, 'backend' | 'machine' | 'log'>,
  depart: (beat: () => Promise<Beat>) => Promise<void>,
): Machine {
  let state: MachineState | undefined;
  let timer: NodeJS.Timeout | undefined;
  let departing = false;

  async function beat(): Promise<Beat> {
    const { freeBytes, totalBytes } = await readFreeBytes();
    const answer = await backend.beatMachine({
      params: { machine },
      body: { roomMiB: Math.floor(freeBytes / MEBIBYTE), totalMiB: Math.floor(totalBytes / MEBIBYTE) },
    });
    if (answer.state === 'gone' && state !== 'gone')
      log.error(
        { machine },
        'Staff said that this machine is gone, and its platforms are elsewhere. It runs nothing until it is taken in again (SuperAdmin, “Machines”).',
      );
    else if (state !== undefined && answer.state !== state)
      log.info({ machine, state: answer.state }, 'staff decided about this machine');
    state = answer.state;
    return answer;
  }

  async function round(): Promise<void> {
    const { elsewhere } = await beat();
    if (state !== 'draining' || !elsewhere || departing) return;
    departing = true;
    // What it waits for takes longer than a beat.
    depart(beat)
      .catch((error) => log.warn({ error: String(error) }, 'draining was interrupted, trying again'))
      .finally(() => {
        departing = false;
      });
  }

  return {
    get state() {
      return state;
    },
    beat,
    start() {
      timer = setInterval(() => {
        round().catch((error) =>
          log.warn({ error: String(error) }, 'the machine could not say that it lives'),
        );
      }, BEAT_MS);
    },
    stop: () => clearInterval(timer),
  };
}

/**
 * A data folder is one machine's for ever: under another name its operator would end every process in it, as none of
 * their instances would be its own.
 * @throws Error where it is another one's
 */
export async function claimFolder(dataDir: string, machine: string): Promise<void> {
  const file = join(dataDir, 'machine.json');
  const known = await readJson(file, z.object({ machine: machineName }));
  const owner = known?.machine ?? ((await isUsed(dataDir)) ? FIRST_MACHINE : machine);
  if (owner !== machine)
    throw new Error(
      `${dataDir} holds the platforms of the machine “${owner}”, and MACHINE is “${machine}”. Set MACHINE=${owner}, or another DATA_DIR.`,
    );
  if (known) return;
  await mkdir(dataDir, { recursive: true });
  await writeJson(file, { machine });
}

async function isUsed(dataDir: string): Promise<boolean> {
  const names = await readdir(join(dataDir, 'instances')).catch((error: unknown): string[] => {
    if (isMissing(error)) return [];
    throw error;
  });
  return names.length > 0;
}
