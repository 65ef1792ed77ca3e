import { type ChildProcess, spawn } from 'node:child_process';
import { chown, mkdir, open, readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { entryOf } from '../release.ts';
import { DriverError } from './driver.ts';
import type { MemoryGroups } from './memoryGroup.ts';
import { processBirth } from './procfs.ts';
import { nodeFlags } from './specification.ts';
import type { UserRange } from './userRange.ts';

const EXIT_POLL_MS = 20;
/** After SIGKILL a process is gone as soon as the kernel gets to it. */
const KILL_MS = 5_000;
const LOG_MODE = 0o600;
/** Processes and threads of an instance's user, standing and coming ones together; Node has about ten. */
const MAX_PROCESSES = 64;

/** What this machine confines processes with. */
export interface Machine {
  dataDir: string;
  groups: MemoryGroups | undefined;
  /** Whose id each process has; undefined where processes share the operator's. */
  users: UserRange | undefined;
  /** The Node that instances run on. */
  node: string;
  /** Path of setpriv (util-linux), which takes a process's capabilities and its way back away. */
  setpriv: string | undefined;
  /** Path of prlimit (util-linux), which limits how many processes and threads its user may have. */
  prlimit: string | undefined;
}

export interface Launch {
  /** Names its folder for sockets and, where it has one of its own, its user. */
  home: string;
  /** Its memory's control group. */
  group: string;
  releasePath: string;
  memoryMiB: number;
  environment: NodeJS.ProcessEnv;
  /** The file it writes to. */
  log: string;
  /** Runs these sources instead of the release, unconfined. */
  source?: { folder: string } | undefined;
}

export interface Launched {
  child: ChildProcess;
  pid: number;
}

export const homeOf = (dataDir: string, home: string) => join(dataDir, 'run', home);

/** Starts a confined process. It is detached: it outlives the operator. */
export async function launch(machine: Machine, wanted: Launch): Promise<Launched> {
  const { source, releasePath, memoryMiB } = wanted;
  const userId = source ? undefined : await machine.users?.of(wanted.home);
  const folder = homeOf(machine.dataDir, wanted.home);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (userId !== undefined) {
    await chown(folder, userId, userId);
    await shareCompiledCode(releasePath, userId);
  }
  const log = await open(wanted.log, 'a', LOG_MODE);
  const command = source
    ? [process.execPath, join(source.folder, 'server/dev.ts')]
    : [
        machine.node,
        ...nodeFlags({ releasePath, memoryMiB, writesCache: userId !== undefined }),
        entryOf(releasePath),
      ];
  if (machine.setpriv && userId !== undefined)
    command.unshift(
      machine.setpriv,
      `--reuid=${userId}`,
      `--regid=${userId}`,
      '--clear-groups',
      '--no-new-privs',
      '--bounding-set=-all',
    );
  if (machine.prlimit && userId !== undefined) command.unshift(machine.prlimit, `--nproc=${MAX_PROCESSES}`);
  const [file = '', ...args] = command;
  const child = spawn(file, args, {
    cwd: source?.folder ?? releasePath,
    env: wanted.environment,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    ...(userId !== undefined && !machine.setpriv && { uid: userId, gid: userId }),
  });
  try {
    await new Promise((started, failed) => child.once('spawn', started).once('error', failed));
  } finally {
    await log.close();
  }
  child.unref();
  const { pid } = child;
  if (pid === undefined) throw new DriverError(`The process of ${wanted.home} could not be started.`);
  if (!source) await machine.groups?.confine(wanted.group, pid, memoryMiB).catch(() => undefined);
  return { child, pid };
}

/** Removes what a process that has ended leaves behind, and what was only its own. */
export async function clearAway(
  machine: Machine,
  { home, group }: Pick<Launch, 'home' | 'group'>,
): Promise<void> {
  await rm(homeOf(machine.dataDir, home), { recursive: true, force: true });
  await machine.groups?.remove(group);
}

/** Asks a process to end, for `drainMs` at most, then ends it. */
export async function end(pid: number, drainMs: number): Promise<void> {
  const birth = await processBirth(pid);
  if (!birth) return;
  const gone = async (timeoutMs: number) => {
    const end = performance.now() + timeoutMs;
    while ((await processBirth(pid)) === birth) {
      if (performance.now() >= end) return false;
      await sleep(EXIT_POLL_MS);
    }
    return true;
  };
  signal(pid, 'SIGTERM');
  if (drainMs > 0 && (await gone(drainMs))) return;
  signal(pid, 'SIGKILL');
  if (!(await gone(KILL_MS))) throw new DriverError(`Process ${pid} does not end, not even by SIGKILL.`);
}

/**
 * Node looks for compiled code in a folder that ends with its user's id: an instance's leads to the one that the
 * build left. Without it a start takes a quarter more processor time, and nothing else.
 */
async function shareCompiledCode(releasePath: string, userId: number): Promise<void> {
  const cache = join(releasePath, '.compile-cache');
  const entries = await readdir(cache, { withFileTypes: true }).catch(() => []);
  for (const { name } of entries.filter((entry) => entry.isDirectory()))
    await symlink(name, join(cache, name.replace(/\d+$/, String(userId)))).catch(() => undefined);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
