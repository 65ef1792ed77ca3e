import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { chmod, chown, copyFile, mkdir, open, readdir, rename, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { privateKeyFile } from '@preau/identity';
import { z } from 'zod';
import { readJson, writeJson } from '../files.ts';
import { entryOf } from '../release.ts';
import {
  type Capabilities,
  type Driver,
  DriverError,
  type Inspection,
  type InstanceSpec,
  type Slot,
  slots,
} from './driver.ts';
import { rotate, tail } from './logFile.ts';
import { findMemoryGroups, type MemoryGroups } from './memoryGroup.ts';
import { processBirth, processesWith, processStats } from './procfs.ts';
import { FIRST_USER_ID, userIdFor } from './userRange.ts';

/** The kernel's limit for the path of a Unix socket is 108 bytes; the margin is for other systems. */
const MAX_SOCKET_PATH = 100;
const EXIT_POLL_MS = 20;
/** After SIGKILL a process is gone as soon as the kernel gets to it. */
/** The operator itself has five seconds to leave. */
const HALT_DRAIN_MS = 2_000;
const KILL_MS = 5_000;
/** What V8's heap may take of an instance's memory; the rest is code, buffers and stacks. */
const HEAP_SHARE = 0.6;
const OPEN_FILES_MODE = 0o600;

const specSchema = z.object({
  instanceId: z.uuid(),
  tenantId: z.uuid(),
  release: z.object({ id: z.string(), path: z.string() }),
  backendUrl: z.string(),
  publicUrl: z.string(),
  platformUrl: z.string(),
  key: privateKeyFile,
  /** Empty in records from before it was written down: the instance then derives it from its key, as it did. */
  actionsKey: z.string().default(''),
  memoryMiB: z.number(),
});

/** What is known of a slot, in `<data>/instances/<id>/<slot>.json`. `pid` is null from just before a start until it is known. */
const recordSchema = z.object({
  spec: specSchema,
  digest: z.string(),
  wanted: z.enum(['running', 'stopped']),
  pid: z.number().nullable(),
  birth: z.string().nullable(),
  startedAt: z.string().nullable(),
  crashes: z.number(),
});
type SlotRecord = z.infer<typeof recordSchema>;

interface Environment {
  dataDir: string;
  groups: MemoryGroups | undefined;
  ownUser: boolean;
  /** The Node that instances run on. */
  node: string;
  /** Path of setpriv (util-linux), which takes a process's capabilities and its way back away. */
  setpriv: string | undefined;
  source: SourceRun | undefined;
}

/** For whoever works on the LMS: one platform runs from its sources with hot reload, unconfined. */
export interface SourceRun {
  platformUrl: string;
  /** The app's folder. */
  folder: string;
}

/**
 * Runs each instance as a Node process of its own on this machine, listening on a Unix socket in a folder
 * that only its user may enter. The processes outlive the operator and are recognised again by their id
 * and start time.
 */
export async function openProcessDriver(options: {
  dataDir: string;
  releasePath: string;
  source?: SourceRun | undefined;
}): Promise<Driver> {
  const dataDir = resolve(options.dataDir);
  await mkdir(join(dataDir, 'instances'), { recursive: true, mode: 0o755 });
  await chmod(join(dataDir, 'instances'), 0o700);
  await mkdir(join(dataDir, 'run'), { recursive: true });
  await chmod(join(dataDir, 'run'), 0o711);
  const longest = socketPath(dataDir, '0'.repeat(36), 'green');
  if (Buffer.byteLength(longest) > MAX_SOCKET_PATH)
    throw new DriverError(
      `DATA_DIR is too long for Unix sockets (${longest} exceeds ${MAX_SOCKET_PATH} bytes): set a shorter one.`,
    );
  const root = process.getuid?.() === 0;
  const node = root ? await nodeForOthers(options.releasePath, dataDir) : process.execPath;
  const environment: Environment = {
    dataDir,
    groups: await findMemoryGroups(),
    node: node ?? process.execPath,
    ownUser: root && node !== undefined,
    setpriv: ['/usr/bin/setpriv', '/bin/setpriv'].find(isExecutable),
    source: options.source,
  };
  return new ProcessDriver(environment);
}

class ProcessDriver implements Driver {
  readonly name = 'process';
  readonly capabilities: Capabilities;
  readonly #environment: Environment;
  readonly #listeners = new Set<(instanceId: string, slot: Slot) => void>();
  /** One change of an instance at a time: two starts of one slot would both find the socket free. */
  readonly #queues = new Map<string, Promise<unknown>>();
  readonly #children = new Map<number, ChildProcess>();

  constructor(environment: Environment) {
    this.#environment = environment;
    this.capabilities = {
      memoryLimit: environment.groups ? 'kernel' : 'heap',
      ownUser: environment.ownUser,
      suspend: false,
      multiNode: false,
    };
  }

  ensure(spec: InstanceSpec, slot: Slot): Promise<Inspection> {
    return this.#inTurn(spec.instanceId, async () => {
      const digest = digestOf(spec);
      const record = await this.#read(spec.instanceId, slot);
      const pid = record && (await this.#livingPid(record, slot));
      if (record && pid && record.digest === digest) {
        if (record.wanted === 'running' && record.pid === pid)
          return inspectionOf(record, 'running', this.#socket(record, slot));
        return this.#remember({ ...record, ...(await identify(pid)), wanted: 'running' }, slot, 'running');
      }
      if (record && pid) await this.#end(pid, 0);
      return this.#spawn(
        { spec, digest, wanted: 'running', pid: null, birth: null, startedAt: null, crashes: 0 },
        slot,
      );
    });
  }

  start(instanceId: string, slot: Slot): Promise<Inspection> {
    return this.#inTurn(instanceId, async () => {
      const record = await this.#read(instanceId, slot);
      if (!record) throw new DriverError(`Instance ${instanceId} was never started in slot ${slot}.`);
      const pid = await this.#livingPid(record, slot);
      if (pid)
        return this.#remember({ ...record, ...(await identify(pid)), wanted: 'running' }, slot, 'running');
      const crashes = record.wanted === 'running' ? record.crashes + 1 : 0;
      return this.#spawn({ ...record, wanted: 'running', crashes }, slot);
    });
  }

  async inspect(instanceId: string, slot: Slot): Promise<Inspection> {
    const record = await this.#read(instanceId, slot);
    if (!record) return { presence: 'absent', release: null, endpoint: null, startedAt: null, crashes: 0 };
    const living = await this.#livingPid(record, slot);
    const presence = living ? 'running' : record.wanted === 'stopped' ? 'stopped' : 'crashed';
    return inspectionOf(record, presence, this.#socket(record, slot));
  }

  stop(instanceId: string, slot: Slot, drainMs: number): Promise<void> {
    return this.#inTurn(instanceId, async () => {
      const record = await this.#read(instanceId, slot);
      if (!record) return;
      const pid = await this.#livingPid(record, slot);
      // Written first: if the operator dies now, the reconciler must not take the end for a crash.
      await this.#write({ ...record, wanted: 'stopped' }, slot);
      if (pid) await this.#end(pid, drainMs);
      await this.#write(
        { ...record, wanted: 'stopped', pid: null, birth: null, startedAt: null, crashes: 0 },
        slot,
      );
      await rm(this.#socket(record, slot), { force: true });
      await this.#environment.groups?.remove(`${instanceId}-${slot}`);
    });
  }

  halt(instanceId: string, slot: Slot): Promise<void> {
    return this.#inTurn(instanceId, async () => {
      const record = await this.#read(instanceId, slot);
      const pid = record && (await this.#livingPid(record, slot));
      if (pid) await this.#end(pid, HALT_DRAIN_MS);
    });
  }

  async destroy(instanceId: string): Promise<void> {
    for (const slot of slots) await this.stop(instanceId, slot, 0);
    await rm(join(this.#environment.dataDir, 'run', instanceId), { recursive: true, force: true });
    await rm(this.#folder(instanceId), { recursive: true, force: true });
  }

  async stats(instanceId: string, slot: Slot) {
    const record = await this.#read(instanceId, slot);
    const pid = record && (await this.#livingPid(record, slot));
    return pid ? processStats(pid) : null;
  }

  logs(instanceId: string, slot: Slot, lines: number) {
    return tail(join(this.#folder(instanceId), `${slot}.log`), lines);
  }

  async list(): Promise<string[]> {
    const names = await readdir(join(this.#environment.dataDir, 'instances'));
    return names.filter((name) => z.uuid().safeParse(name).success);
  }

  onExit(listener: (instanceId: string, slot: Slot) => void): void {
    this.#listeners.add(listener);
  }

  async tend(): Promise<void> {
    for (const id of await this.list())
      for (const slot of slots) {
        await rotate(join(this.#folder(id), `${slot}.log`));
        if (!this.#environment.groups) await this.#endIfTooLarge(id, slot);
      }
  }

  /** Where the kernel does not limit memory, what outgrows its limit is ended like after a crash. */
  async #endIfTooLarge(instanceId: string, slot: Slot): Promise<void> {
    const record = await this.#read(instanceId, slot);
    const pid = record && (await this.#livingPid(record, slot));
    if (!record || !pid || this.#sourceOf(record.spec)) return;
    const stats = await processStats(pid);
    if (stats && stats.memoryBytes > record.spec.memoryMiB * 1024 * 1024) await this.halt(instanceId, slot);
  }

  #inTurn<T>(instanceId: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#queues.get(instanceId) ?? Promise.resolve()).then(work, work);
    this.#queues.set(instanceId, turn);
    const forget = () => {
      if (this.#queues.get(instanceId) === turn) this.#queues.delete(instanceId);
    };
    turn.then(forget, forget);
    return turn;
  }

  #sourceOf(spec: InstanceSpec): SourceRun | undefined {
    const { source } = this.#environment;
    return source?.platformUrl === spec.platformUrl ? source : undefined;
  }

  #folder(instanceId: string): string {
    return join(this.#environment.dataDir, 'instances', instanceId);
  }

  #socket(record: SlotRecord, slot: Slot): string {
    return socketPath(this.#environment.dataDir, record.spec.instanceId, slot);
  }

  #read(instanceId: string, slot: Slot): Promise<SlotRecord | undefined> {
    return readJson(join(this.#folder(instanceId), `${slot}.json`), recordSchema);
  }

  #write(record: SlotRecord, slot: Slot): Promise<void> {
    return writeJson(join(this.#folder(record.spec.instanceId), `${slot}.json`), record);
  }

  async #remember(record: SlotRecord, slot: Slot, presence: 'running'): Promise<Inspection> {
    await this.#write(record, slot);
    return inspectionOf(record, presence, this.#socket(record, slot));
  }

  /**
   * The process of a slot, if it lives: by the id and start time written down; or, where a start was
   * begun and its end never written, by the mark in its environment, provided that its socket answers.
   */
  async #livingPid(record: SlotRecord, slot: Slot): Promise<number | undefined> {
    if (record.pid !== null)
      return (await processBirth(record.pid)) === record.birth ? record.pid : undefined;
    if (record.wanted === 'stopped') return undefined;
    return (await processesWith('PREAU_SLOT', markOf(record.spec.instanceId, slot)))[0];
  }

  async #spawn(record: SlotRecord, slot: Slot): Promise<Inspection> {
    const { spec } = record;
    const { dataDir, node, setpriv, groups } = this.#environment;
    const source = this.#sourceOf(spec);
    const ownUser = this.#environment.ownUser && !source;
    const folder = this.#folder(spec.instanceId);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const userId = ownUser ? await userIdFor(join(dataDir, 'users'), spec.instanceId) : undefined;
    const socket = this.#socket(record, slot);
    const runFolder = join(dataDir, 'run', spec.instanceId);
    await mkdir(runFolder, { recursive: true, mode: 0o700 });
    if (userId !== undefined) {
      await chown(runFolder, userId, userId);
      await shareCompiledCode(spec.release.path, userId);
    }
    await rm(socket, { force: true });
    await this.#write({ ...record, pid: null, birth: null, startedAt: null }, slot);

    const log = await open(join(folder, `${slot}.log`), 'a', OPEN_FILES_MODE);
    const command = source
      ? [process.execPath, join(source.folder, 'server/dev.ts')]
      : [node, ...nodeFlags(spec, ownUser), entryOf(spec.release.path)];
    if (setpriv && userId !== undefined)
      command.unshift(
        setpriv,
        `--reuid=${userId}`,
        `--regid=${userId}`,
        '--clear-groups',
        '--no-new-privs',
        '--bounding-set=-all',
      );
    const [file = '', ...args] = command;
    const child = spawn(file, args, {
      cwd: source?.folder ?? spec.release.path,
      env: {
        ...environmentOf(spec, slot, socket),
        // Next's development server starts programs that it finds by PATH.
        ...(source && { NODE_ENV: 'development', PATH: process.env.PATH }),
      },
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      ...(userId !== undefined && !setpriv && { uid: userId, gid: userId }),
    });
    try {
      await new Promise((started, failed) => child.once('spawn', started).once('error', failed));
    } finally {
      await log.close();
    }
    child.unref();
    const pid = child.pid;
    if (pid === undefined) throw new DriverError(`The process of ${spec.instanceId} could not be started.`);
    this.#children.set(pid, child);
    child.once('exit', () => {
      this.#children.delete(pid);
      for (const listener of this.#listeners) listener(spec.instanceId, slot);
    });
    if (!source)
      await groups?.confine(`${spec.instanceId}-${slot}`, pid, spec.memoryMiB).catch(() => undefined);
    return this.#remember({ ...record, ...(await identify(pid)) }, slot, 'running');
  }

  async #end(pid: number, drainMs: number): Promise<void> {
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
}

function socketPath(dataDir: string, instanceId: string, slot: Slot): string {
  return join(dataDir, 'run', instanceId, slot);
}

function markOf(instanceId: string, slot: Slot): string {
  return `${instanceId}/${slot}`;
}

/** Two specifications with one digest need no restart. */
function digestOf(spec: InstanceSpec): string {
  return createHash('sha256')
    .update(JSON.stringify(specSchema.parse(spec)))
    .digest('hex');
}

function inspectionOf(record: SlotRecord, presence: Inspection['presence'], socket: string): Inspection {
  return {
    presence,
    release: record.spec.release.id,
    endpoint: presence === 'running' ? `unix:${socket}` : null,
    startedAt: record.startedAt ? new Date(record.startedAt) : null,
    crashes: record.crashes,
  };
}

async function identify(pid: number): Promise<{ pid: number; birth: string | null; startedAt: string }> {
  return { pid, birth: (await processBirth(pid)) ?? null, startedAt: new Date().toISOString() };
}

/**
 * The Node flags of `reference/instances`: no file but the release's, no child, no worker, no add-on; one
 * background thread for V8, a small young generation, and the heap within the memory limit. RLIMIT_DATA is
 * no substitute for a control group: V8 does not start under one near its real use.
 *
 * Node reads a compile cache only where its permissions let it write one too. Where the instance is another
 * user than the release's owner, the system refuses that write; elsewhere a tenant could leave code for the
 * next, so there is no cache (a fifth of the processor time of a start).
 */
function nodeFlags(spec: InstanceSpec, ownUser: boolean): string[] {
  return [
    '--permission',
    `--allow-fs-read=${spec.release.path}`,
    ...(ownUser ? [`--allow-fs-write=${join(spec.release.path, '.compile-cache')}`] : []),
    `--max-old-space-size=${Math.floor(spec.memoryMiB * HEAP_SHARE)}`,
    '--max-semi-space-size=2',
    '--v8-pool-size=1',
    '--disable-warning=ExperimentalWarning',
  ];
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

/** The whole environment of an instance: nothing of the operator's own is passed on. */
function environmentOf(spec: InstanceSpec, slot: Slot, socket: string): NodeJS.ProcessEnv {
  return {
    NODE_ENV: 'production',
    MALLOC_ARENA_MAX: '1',
    UV_THREADPOOL_SIZE: '1',
    TZ: 'UTC',
    LANG: 'C.UTF-8',
    PREAU_SLOT: markOf(spec.instanceId, slot),
    INSTANCE_ID: spec.instanceId,
    TENANT_ID: spec.tenantId,
    RELEASE: spec.release.id,
    BACKEND_URL: spec.backendUrl,
    PREAU_PUBLIC_URL: spec.publicUrl,
    PLATFORM_URL: spec.platformUrl,
    LISTEN: socket,
    INSTANCE_KEY: JSON.stringify(spec.key),
    // One release serves every tenant; what it encrypts for one must mean nothing to another.
    ...(spec.actionsKey ? { NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: spec.actionsKey } : {}),
  };
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * A Node that other users can run with this release and these sockets: the operator's own, or a copy in the
 * data folder where ours lies in a folder closed to them (a checkout under /root). Undefined where the
 * release or the data folder themselves are closed.
 */
async function nodeForOthers(releasePath: string, dataDir: string): Promise<string | undefined> {
  if (await anotherUserCanRun(process.execPath, releasePath, dataDir)) return process.execPath;
  const copy = join(dataDir, 'runtime', `node-${process.version}`);
  if (!isExecutable(copy)) {
    await mkdir(join(dataDir, 'runtime'), { recursive: true });
    await copyFile(process.execPath, `${copy}.new`);
    await chmod(`${copy}.new`, 0o755);
    await rename(`${copy}.new`, copy);
  }
  return (await anotherUserCanRun(copy, releasePath, dataDir)) ? copy : undefined;
}

async function anotherUserCanRun(node: string, releasePath: string, dataDir: string): Promise<boolean> {
  const script = `process.chdir(${JSON.stringify(join(dataDir, 'run'))}); require('node:fs').readFileSync(${JSON.stringify(entryOf(releasePath))})`;
  try {
    const user = { uid: FIRST_USER_ID, gid: FIRST_USER_ID };
    await promisify(execFile)(node, ['-e', script], { ...user, cwd: '/', env: {} });
    return true;
  } catch {
    return false;
  }
}
