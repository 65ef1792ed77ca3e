import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Backups } from '../place.ts';
import type { Inventory } from './inventory.ts';
import { layOut, NOTHING_SINCE, RecoveryError, tellFullDisk, toTheEnd, wayTo } from './layOut.ts';

/** Reading a week of the log takes its time. */
const RECOVERY_MS = 6 * 3_600_000;
const LOOK_MS = 100;
const STOP_MS = 15_000;
/** SQLSTATE: it is still recovering. */
const STARTING = '57P03';
const SAID = 600;
/** Part of the name of its socket, which is all that it listens on. */
const PORT = '5432';

/** A server that was recovered to a moment, and goes when nobody needs it any more. */
export interface Beside {
  /** The address there of the role and the database that one of our addresses names. */
  at(url: string): string;
  stop(): Promise<void>;
}

interface Wanted {
  at: Date;
  /** Everything of it lies in a folder of its own in here; what is there already is of attempts that died. */
  folder: string;
  /** Folder with PostgreSQL's programs, of the living server's major version. */
  programs: string;
}

/**
 * Recovers the whole server to a moment and starts it beside the living one, for readers in this process's user only:
 * it listens on no port, and on a socket in a folder that nobody else may enter. One at a time in a folder.
 * @param progress from 0 to 1
 * @throws RecoveryError where nothing leads to the moment, the disk has no room, or PostgreSQL does not start
 */
export async function recoverBeside(
  backups: Backups,
  inventory: Inventory,
  { at, folder, programs }: Wanted,
  progress: (share: number) => void,
): Promise<Beside> {
  const { bytes } = wayTo(inventory, at);
  await sweep(folder);
  await requireRoom(folder, bytes);
  const own = await mkdtemp(join(folder, 'server-'));
  const sockets = socketsOf(own);
  const remove = () =>
    Promise.all([own, sockets].map((path) => rm(path, { recursive: true, force: true }))).then(() => {});
  try {
    await mkdir(sockets, { mode: 0o700 });
    const { settings } = await layOut(backups, inventory, at, own, (share) => progress(share * 0.8));
    await writeFile(join(own, 'hba.conf'), 'local all all trust\n');
    await writeFile(join(own, 'postgresql.conf'), '');
    const owner = serverOwner();
    if (owner) {
      // Through the folder above, not into it.
      await chmod(folder, 0o711);
      const given = spawnSync('chown', ['-R', `${owner.uid}:${owner.gid}`, own, sockets]);
      if (given.status !== 0)
        throw new RecoveryError(`The folder could not be handed over: ${given.stderr}`, 'server');
    }
    const start = (wanted: Record<string, string>) => startServer({ own, sockets, programs, owner, wanted });
    const stop = await start(settings).catch((error: unknown) => {
      if (!(error instanceof RecoveryError && error.message.includes(NOTHING_SINCE))) throw error;
      return start(toTheEnd(settings));
    });
    progress(1);
    return {
      at: (url) => addressIn(sockets, url),
      stop: () => stop().then(remove),
    };
  } catch (error) {
    await remove();
    throw tellFullDisk(error);
  }
}

/** @throws RecoveryError */
async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const gigabytes = (value: number) => (value / 1e9).toFixed(1);
  if (free < bytes)
    throw new RecoveryError(
      `The disk of ${folder} has ${gigabytes(free)} GB free; going back takes ${gigabytes(bytes)} GB.`,
      'room',
    );
}

/** Ends and removes what a process left that died in the middle. */
async function sweep(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) {
    const left = join(folder, name);
    const note = await readFile(join(left, 'cluster/postmaster.pid'), 'utf8').catch(() => '');
    const pid = Number(note.split('\n')[0]);
    if (pid > 0 && runsIn(pid, left)) {
      process.kill(pid, 'SIGQUIT');
      for (let waited = 0; runsIn(pid, left) && waited < STOP_MS; waited += LOOK_MS) await sleep(LOOK_MS);
    }
    await rm(socketsOf(left), { recursive: true, force: true });
    await rm(left, { recursive: true, force: true });
  }
}

/**
 * Outside the server's own folder, as a socket's path may have 107 characters only, and named after it, so that whoever
 * sweeps the one finds the other.
 */
const socketsOf = (own: string): string => join(tmpdir(), `preau-beside-${basename(own)}`);

/** Whether the process is the server of that folder: its id may be somebody else's by now. */
function runsIn(pid: number, folder: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
  } catch {
    return false;
  }
}

/** PostgreSQL refuses to run as root: it then runs as the system's user of that name. */
function serverOwner(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const found = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
  if (!found) throw new RecoveryError('As root there must be a system user `postgres`.', 'server');
  return { uid: Number(found[1]), gid: Number(found[2]) };
}

/** What the copied folder says of itself is of the living server: none of it may reach that server's archive or ports. */
const OWN = {
  listen_addresses: '',
  port: PORT,
  archive_mode: 'off',
  archive_command: '',
  primary_conninfo: '',
  shared_preload_libraries: '',
  ssl: 'off',
  logging_collector: 'off',
  log_destination: 'stderr',
  log_error_verbosity: 'terse',
  // It lives for minutes, and is made again where it breaks.
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  shared_buffers: '64MB',
  max_connections: '20',
  huge_pages: 'off',
};

/** For `cp`, by which it fetches the log, and nothing of our secrets. */
const environment = (): NodeJS.ProcessEnv => ({
  NODE_ENV: 'production',
  PATH: process.env.PATH,
  LC_ALL: 'C.UTF-8',
});

interface Start {
  own: string;
  sockets: string;
  programs: string;
  owner: { uid: number; gid: number } | null;
  wanted: Record<string, string>;
}

/** @returns what ends it */
async function startServer({ own, sockets, programs, owner, wanted }: Start): Promise<() => Promise<void>> {
  const log = join(own, 'postgres.log');
  const output = openSync(log, 'a', 0o600);
  const settings = {
    config_file: join(own, 'postgresql.conf'),
    hba_file: join(own, 'hba.conf'),
    unix_socket_directories: sockets,
    ...OWN,
    ...wanted,
  };
  const server: ChildProcess = spawn(
    join(programs, 'postgres'),
    [
      '-D',
      join(own, 'cluster'),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { ...owner, cwd: own, stdio: ['ignore', output, output], env: environment() },
  );
  closeSync(output);
  // It must not outlive us; where we are killed without a word, the next attempt ends it.
  const end = () => server.kill('SIGQUIT');
  process.once('exit', end);
  const stop = async () => {
    process.off('exit', end);
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGINT');
    if (!(await Promise.race([ended, sleep(STOP_MS)]))) end();
    await ended;
  };
  try {
    await answering(server, sockets, log);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

async function answering(server: ChildProcess, sockets: string, log: string): Promise<void> {
  let failed: Error | undefined;
  server.once('error', (error) => {
    failed = error;
  });
  const deadline = Date.now() + RECOVERY_MS;
  while (!(await serves(sockets))) {
    if (failed) throw new RecoveryError(`PostgreSQL does not start: ${failed.message}`, 'server');
    if (server.exitCode !== null || server.signalCode !== null) {
      const said = await readFile(log, 'utf8');
      throw new RecoveryError(`PostgreSQL did not recover: ${said.slice(-SAID)}`, 'server');
    }
    if (Date.now() > deadline) throw new RecoveryError('PostgreSQL did not recover in six hours.', 'server');
    await sleep(LOOK_MS);
  }
}

/** Whether it lets somebody in, or says that it knows nobody of that name: both mean that it has recovered. */
async function serves(sockets: string): Promise<boolean> {
  const client = new pg.Client({ host: sockets, port: Number(PORT), user: 'nobody', database: 'postgres' });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && code !== STARTING;
  }
}

function addressIn(sockets: string, url: string): string {
  const { username, pathname } = new URL(url);
  const address = new URL(`postgres://localhost:${PORT}${pathname}`);
  address.username = username;
  address.searchParams.set('host', sockets);
  return address.href;
}
