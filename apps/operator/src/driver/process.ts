import { type ChildProcess, execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { readJson, replaceJson } from '../files.ts';
import { entryOf } from '../release.ts';
import {
  type Capabilities,
  type Driver,
  DriverError,
  type Inspection,
  type InstanceSpec,
  type Slot,
  type Started,
  slots,
} from './driver.ts';
import { end, homeOf, launch, type Machine } from './launch.ts';
import { rotate, tail } from './logFile.ts';
import { findMemoryGroups } from './memoryGroup.ts';
import { processBirth, processesWith, processStats } from './procfs.ts';
import { digestOf, environmentOf, markOf, specSchema } from './specification.ts';
import { type StandbySettings, Standbys, standbyProcess, standbySocket } from './standbys.ts';
import { inTurn, type Turns } from './turns.ts';
import { FIRST_USER_ID, openUserRange } from './userRange.ts';

/** The kernel's limit for the path of a Unix socket is 108 bytes; the margin is for other systems. */
const MAX_SOCKET_PATH = 100;
const ADOPTED_LOOK_MS = 2_000;
/** The operator itself has five seconds to leave. */
const HALT_DRAIN_MS = 2_000;

/** What is known of a slot, in `<data>/instances/<id>/<slot>.json`. `pid` is null from just before a start until it is known. */
const recordSchema = z.object({
  spec: specSchema,
  digest: z.string(),
  wanted: z.enum(['running', 'stopped']),
  pid: z.number().nullable(),
  birth: z.string().nullable(),
  startedAt: z.string().nullable(),
  crashes: z.number(),
  /**
   * The standby that the process was. Without a `pid` beside it, a claim was begun and its end never written: such a
   * process is nobody.
   */
  standby: standbyProcess.nullable().default(null),
});
type SlotRecord = z.infer<typeof recordSchema>;

interface Environment extends Machine {
  standbys: Standbys;
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
  standbys?: StandbySettings;
  /** Where given user ids are kept; in the data folder unless said. */
  userIdsDir?: string | undefined;
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
  const machine: Machine = {
    dataDir,
    groups: await findMemoryGroups(),
    users:
      root && node !== undefined
        ? await openUserRange(options.userIdsDir ?? join(dataDir, 'users'))
        : undefined,
    node: node ?? process.execPath,
    setpriv: ['/usr/bin/setpriv', '/bin/setpriv'].find(isExecutable),
    prlimit: ['/usr/bin/prlimit', '/bin/prlimit'].find(isExecutable),
  };
  const standbys = await Standbys.open(machine, options.standbys ?? { min: 0, max: 0, memoryMiB: 0 });
  const driver = new ProcessDriver({ ...machine, standbys, source: options.source });
  await driver.endHalfClaimed();
  return driver;
}

class ProcessDriver implements Driver {
  readonly name = 'process';
  readonly capabilities: Capabilities;
  readonly standbys: Standbys;
  readonly #environment: Environment;
  readonly #listeners = new Set<(instanceId: string, slot: Slot) => void>();
  /** One change of an instance at a time: two starts of one slot would both find the socket free. */
  readonly #turns: Turns = new Map();
  readonly #children = new Map<number, ChildProcess>();
  /** Processes that an earlier operator started: nobody says when they end. */
  readonly #adopted = new Map<number, { instanceId: string; slot: Slot; birth: string | null }>();
  #lookout: NodeJS.Timeout | undefined;

  constructor(environment: Environment) {
    this.#environment = environment;
    this.standbys = environment.standbys;
    this.capabilities = {
      memoryLimit: environment.groups ? 'kernel' : 'heap',
      ownUser: environment.users !== undefined,
      suspend: false,
      multiNode: false,
    };
  }

  ensure(spec: InstanceSpec, slot: Slot): Promise<Started> {
    return inTurn(this.#turns, spec.instanceId, async () => {
      const digest = digestOf(spec);
      const record = await this.#read(spec.instanceId, slot);
      const pid = record && (await this.#livingPid(record, slot));
      if (record && pid && record.digest === digest) {
        if (record.wanted === 'running' && record.pid === pid)
          return inspectionOf(record, 'running', this.#socket(record, slot));
        return this.#remember({ ...record, ...(await identify(pid)), wanted: 'running' }, slot, 'running');
      }
      if (record && pid) await end(pid, 0);
      if (record) await this.#clear(record, slot);
      return this.#run({ ...idle, spec, digest, wanted: 'running', crashes: 0 }, slot);
    });
  }

  start(instanceId: string, slot: Slot): Promise<Inspection> {
    return inTurn(this.#turns, instanceId, async () => {
      const record = await this.#read(instanceId, slot);
      if (!record) throw new DriverError(`Instance ${instanceId} was never started in slot ${slot}.`);
      const pid = await this.#livingPid(record, slot);
      if (pid)
        return this.#remember({ ...record, ...(await identify(pid)), wanted: 'running' }, slot, 'running');
      const crashes = record.wanted === 'running' ? record.crashes + 1 : 0;
      await this.#clear(record, slot);
      return this.#run({ ...record, ...idle, wanted: 'running', crashes }, slot);
    });
  }

  async inspect(instanceId: string, slot: Slot): Promise<Inspection> {
    const record = await this.#read(instanceId, slot);
    if (!record) return { presence: 'absent', release: null, endpoint: null, startedAt: null, crashes: 0 };
    const living = await this.#livingPid(record, slot);
    if (living === record.pid && living && !this.#children.has(living)) this.#lookAfter(record, living, slot);
    const presence = living ? 'running' : record.wanted === 'stopped' ? 'stopped' : 'crashed';
    return inspectionOf(record, presence, this.#socket(record, slot));
  }

  stop(instanceId: string, slot: Slot, drainMs: number): Promise<void> {
    return inTurn(this.#turns, instanceId, async () => {
      const record = await this.#read(instanceId, slot);
      if (!record) return;
      const pid = await this.#livingPid(record, slot);
      // Written first: if the operator dies now, the reconciler must not take the end for a crash.
      await this.#write({ ...record, wanted: 'stopped' }, slot);
      if (pid) await end(pid, drainMs);
      await this.#clear(record, slot);
      await this.#write({ ...record, ...idle, wanted: 'stopped', crashes: 0 }, slot);
    });
  }

  halt(instanceId: string, slot: Slot): Promise<void> {
    return inTurn(this.#turns, instanceId, async () => {
      const record = await this.#read(instanceId, slot);
      const pid = record && (await this.#livingPid(record, slot));
      if (pid) await end(pid, HALT_DRAIN_MS);
    });
  }

  async destroy(instanceId: string): Promise<void> {
    for (const slot of slots) await this.stop(instanceId, slot, 0);
    await rm(homeOf(this.#environment.dataDir, instanceId), { recursive: true, force: true });
    await rm(this.#folder(instanceId), { recursive: true, force: true });
  }

  async stats(instanceId: string, slot: Slot) {
    const record = await this.#read(instanceId, slot);
    const pid = record && (await this.#livingPid(record, slot));
    return pid ? processStats(pid) : null;
  }

  logs(instanceId: string, slot: Slot, lines: number) {
    return tail(this.#log(instanceId, slot), lines);
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
        await rotate(this.#log(id, slot));
        if (!this.#environment.groups) await this.#endIfTooLarge(id, slot);
      }
  }

  /** A claim that the former operator did not live to see the end of: whoever it was for starts anew. */
  async endHalfClaimed(): Promise<void> {
    for (const id of await this.list())
      for (const slot of slots) {
        const record = await this.#read(id, slot);
        if (!record?.standby || record.pid !== null) continue;
        await this.#clear(record, slot);
        await this.#write({ ...record, ...idle }, slot);
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

  #sourceOf(spec: InstanceSpec): SourceRun | undefined {
    const { source } = this.#environment;
    return source?.platformUrl === spec.platformUrl ? source : undefined;
  }

  #folder(instanceId: string): string {
    return join(this.#environment.dataDir, 'instances', instanceId);
  }

  #log(instanceId: string, slot: Slot): string {
    return join(this.#folder(instanceId), `${slot}.log`);
  }

  #socket(record: SlotRecord, slot: Slot): string {
    const { dataDir } = this.#environment;
    return record.standby
      ? standbySocket(dataDir, record.standby.id)
      : socketPath(dataDir, record.spec.instanceId, slot);
  }

  #read(instanceId: string, slot: Slot): Promise<SlotRecord | undefined> {
    return readJson(join(this.#folder(instanceId), `${slot}.json`), recordSchema);
  }

  #write(record: SlotRecord, slot: Slot): Promise<void> {
    return replaceJson(join(this.#folder(record.spec.instanceId), `${slot}.json`), record);
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
    if (record.wanted === 'stopped' || record.standby) return undefined;
    return (await processesWith('PREAU_SLOT', markOf(record.spec.instanceId, slot)))[0];
  }

  /** Removes what is left of the slot's process, which has ended or was never told who it is. */
  async #clear(record: SlotRecord, slot: Slot): Promise<void> {
    if (record.standby) await this.standbys.dismiss(record.standby);
    else await rm(this.#socket(record, slot), { force: true });
    await this.#environment.groups?.remove(groupOf(record.spec.instanceId, slot));
  }

  /** Starts the slot's process: a standby that takes its identity where one is free, or a new one. */
  async #run(record: SlotRecord, slot: Slot): Promise<Started> {
    await mkdir(this.#folder(record.spec.instanceId), { recursive: true, mode: 0o700 });
    const claimed = this.#sourceOf(record.spec) ? undefined : await this.#claim(record, slot);
    this.standbys.started(claimed ? 'claimed' : 'cold');
    return claimed ?? this.#spawn(record, slot);
  }

  async #claim(record: SlotRecord, slot: Slot): Promise<Started | undefined> {
    const { spec } = record;
    for (;;) {
      const standby = this.standbys.take(spec);
      if (!standby) return undefined;
      const { id, pid, birth, child } = standby;
      const begun = { ...record, ...idle, standby: { id, pid, birth } };
      await this.#write(begun, slot);
      try {
        const environment = environmentOf(spec, slot, this.#socket(begun, slot));
        await this.standbys.claim(standby, spec, environment, this.#log(spec.instanceId, slot));
      } catch {
        // It died, or something of it is not as it should be: it serves nobody, and the next one is tried.
        await this.standbys.dismiss(standby);
        continue;
      }
      if (child) this.#watch(child, pid, spec.instanceId, slot);
      const startedAt = new Date().toISOString();
      return {
        ...(await this.#remember({ ...begun, pid, birth, startedAt }, slot, 'running')),
        answers: true,
      };
    }
  }

  async #spawn(record: SlotRecord, slot: Slot): Promise<Inspection> {
    const { spec } = record;
    const source = this.#sourceOf(spec);
    const socket = this.#socket(record, slot);
    await this.#write({ ...record, ...idle }, slot);
    const { child, pid } = await launch(this.#environment, {
      home: spec.instanceId,
      group: groupOf(spec.instanceId, slot),
      releasePath: spec.release.path,
      memoryMiB: spec.memoryMiB,
      environment: {
        ...environmentOf(spec, slot, socket),
        // Next's development server starts programs that it finds by PATH.
        ...(source && { NODE_ENV: 'development', PATH: process.env.PATH }),
      },
      log: this.#log(spec.instanceId, slot),
      source,
    });
    this.#watch(child, pid, spec.instanceId, slot);
    return this.#remember({ ...record, ...(await identify(pid)) }, slot, 'running');
  }

  #lookAfter({ spec: { instanceId }, birth }: SlotRecord, pid: number, slot: Slot): void {
    this.#adopted.set(pid, { instanceId, slot, birth });
    this.#lookout ??= setInterval(() => {
      for (const [each, { birth, instanceId, slot }] of this.#adopted)
        void processBirth(each).then((now) => {
          if (now === birth || !this.#adopted.delete(each)) return;
          for (const listener of this.#listeners) listener(instanceId, slot);
        });
    }, ADOPTED_LOOK_MS).unref();
  }

  #watch(child: ChildProcess, pid: number, instanceId: string, slot: Slot): void {
    this.#children.set(pid, child);
    const ended = () => {
      this.#children.delete(pid);
      for (const listener of this.#listeners) listener(instanceId, slot);
    };
    if (child.exitCode !== null || child.signalCode !== null) ended();
    else child.once('exit', ended);
  }
}

/** A slot without a process. */
const idle = { pid: null, birth: null, startedAt: null, standby: null } as const;

function groupOf(instanceId: string, slot: Slot): string {
  return `${instanceId}-${slot}`;
}

function socketPath(dataDir: string, instanceId: string, slot: Slot): string {
  return join(homeOf(dataDir, instanceId), slot);
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
