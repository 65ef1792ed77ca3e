import { createHash } from 'node:crypto';
import { chmod, chown, mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { readJson, writeJson } from '../files.ts';
import {
  type Capabilities,
  type Driver,
  DriverError,
  type Inspection,
  type InstanceSpec,
  type Slot,
  slots,
} from './driver.ts';
import { type Creation, DockerEngine } from './engine.ts';
import { digestOf, environmentOf, nodeFlags, specSchema } from './specification.ts';
import { inTurn, type Turns } from './turns.ts';
import { openUserRange, type UserRange } from './userRange.ts';

const NETWORK = 'preau-instances';
/** Where the image has the release, and where an instance finds the folder for its socket. */
const RELEASE = '/release';
const RUN = '/run/instance';
const MAX_PROCESSES = 64;
/** An instance is one JavaScript thread: more than a core it takes only where something is wrong. */
const MAX_PROCESSORS = 1;
const HALT_DRAIN_MS = 2_000;
/** The engine's own look, for whoever looks at the machine: the operator probes by itself. Each starts a Node. */
const HEALTH_INTERVAL_NS = 60e9;
const LOGS = { Type: 'json-file', Config: { 'max-size': '5m', 'max-file': '3' } };

/** What is known of a slot, in `<data>/containers/<id>/<slot>.json`; the rest is the engine's to tell. */
const recordSchema = z.object({
  spec: specSchema,
  digest: z.string(),
  wanted: z.enum(['running', 'stopped']),
  crashes: z.number(),
});
type SlotRecord = z.infer<typeof recordSchema>;

export interface DockerSettings {
  dataDir: string;
  /** Where given user ids are kept; in the data folder unless said. */
  userIdsDir?: string | undefined;
  /** The engine's Unix socket. */
  socket: string;
  /** Name of the images; the tag is the release's id. */
  image: string;
}

/**
 * Runs each instance as a container of this machine's Docker engine: an image of Node and the release, nothing
 * writable, no capability, a user of its own, limits, and a network that leads to this machine only. It listens on a
 * Unix socket in a folder shared with this machine, as an instance of the process driver does.
 */
export async function openDockerDriver(settings: DockerSettings): Promise<DockerDriver> {
  const engine = new DockerEngine(settings.socket);
  await engine.ping();
  const dataDir = resolve(settings.dataDir);
  await mkdir(join(dataDir, 'containers'), { recursive: true, mode: 0o700 });
  await mkdir(join(dataDir, 'run'), { recursive: true, mode: 0o755 });
  await chmod(join(dataDir, 'run'), 0o711);
  const host = await engine.ensureNetwork(NETWORK);
  const users =
    process.getuid?.() === 0 ? await openUserRange(settings.userIdsDir ?? join(dataDir, 'users')) : undefined;
  return new DockerDriver(engine, { ...settings, dataDir }, host, users);
}

export class DockerDriver implements Driver {
  readonly name = 'docker';
  readonly capabilities: Capabilities;
  readonly standbys = undefined;
  /** This machine's address on the instances' network. */
  readonly #host: string;
  readonly #engine: DockerEngine;
  readonly #settings: DockerSettings;
  readonly #users: UserRange | undefined;
  /** Tells containers of this data folder from those of another fleet on the same engine. */
  readonly #fleet: string;
  readonly #turns: Turns = new Map();

  constructor(engine: DockerEngine, settings: DockerSettings, host: string, users: UserRange | undefined) {
    this.#users = users;
    this.#engine = engine;
    this.#settings = settings;
    this.#host = host;
    this.#fleet = createHash('sha256').update(settings.dataDir).digest('hex').slice(0, 12);
    this.capabilities = {
      memoryLimit: 'kernel',
      ownUser: users !== undefined,
      suspend: false,
      multiNode: false,
    };
  }

  /** An address as instances reach it: what is this machine to us is not to them. */
  seenFromInside(url: string): string {
    const seen = new URL(url);
    if (['localhost', '127.0.0.1', '[::1]', '0.0.0.0'].includes(seen.hostname)) seen.hostname = this.#host;
    return seen.href.replace(/\/$/, '');
  }

  ensure(spec: InstanceSpec, slot: Slot): Promise<Inspection> {
    return inTurn(this.#turns, spec.instanceId, async () => {
      const digest = digestOf(spec);
      const name = this.#nameOf(spec.instanceId, slot);
      const known = await this.#read(spec.instanceId, slot);
      const there = await this.#engine.inspect(name);
      const same = known?.digest === digest && there?.Config.Labels['preau.digest'] === digest;
      const record: SlotRecord =
        same && known && there?.State.Status === 'running'
          ? { ...known, wanted: 'running' }
          : { spec, digest, wanted: 'running', crashes: 0 };
      await this.#write(record, slot);
      if (!same) {
        await this.#engine.stop(name, 0);
        await this.#engine.remove(name);
        await this.#create(record, slot);
      }
      await this.#engine.start(name);
      return this.#inspect(record, slot);
    });
  }

  start(instanceId: string, slot: Slot): Promise<Inspection> {
    return inTurn(this.#turns, instanceId, async () => {
      const record = await this.#read(instanceId, slot);
      if (!record) throw new DriverError(`Instance ${instanceId} was never started in slot ${slot}.`);
      const there = await this.#engine.inspect(this.#nameOf(instanceId, slot));
      const running = there?.State.Status === 'running';
      const crashes = running ? record.crashes : record.wanted === 'running' ? record.crashes + 1 : 0;
      const next: SlotRecord = { ...record, wanted: 'running', crashes };
      await this.#write(next, slot);
      if (!there) await this.#create(next, slot);
      else if (!running) await rm(this.#socket(instanceId, slot), { force: true });
      await this.#engine.start(this.#nameOf(instanceId, slot));
      return this.#inspect(next, slot);
    });
  }

  async inspect(instanceId: string, slot: Slot): Promise<Inspection> {
    const record = await this.#read(instanceId, slot);
    if (!record) return { presence: 'absent', release: null, endpoint: null, startedAt: null, crashes: 0 };
    return this.#inspect(record, slot);
  }

  stop(instanceId: string, slot: Slot, drainMs: number): Promise<void> {
    return inTurn(this.#turns, instanceId, async () => {
      const record = await this.#read(instanceId, slot);
      if (!record) return;
      // Written first: if the operator dies now, the reconciler must not take the end for a crash.
      await this.#write({ ...record, wanted: 'stopped', crashes: 0 }, slot);
      await this.#engine.stop(this.#nameOf(instanceId, slot), seconds(drainMs));
      await rm(this.#socket(instanceId, slot), { force: true });
    });
  }

  halt(instanceId: string, slot: Slot): Promise<void> {
    return inTurn(this.#turns, instanceId, () =>
      this.#engine.stop(this.#nameOf(instanceId, slot), seconds(HALT_DRAIN_MS)),
    );
  }

  async destroy(instanceId: string): Promise<void> {
    for (const slot of slots) {
      await this.stop(instanceId, slot, 0);
      await this.#engine.remove(this.#nameOf(instanceId, slot));
    }
    await rm(join(this.#settings.dataDir, 'run', instanceId), { recursive: true, force: true });
    await rm(this.#folder(instanceId), { recursive: true, force: true });
  }

  stats(instanceId: string, slot: Slot) {
    return this.#engine.stats(this.#nameOf(instanceId, slot));
  }

  logs(instanceId: string, slot: Slot, lines: number) {
    return this.#engine.logs(this.#nameOf(instanceId, slot), lines);
  }

  async list(): Promise<string[]> {
    const containers = await this.#engine.list(`preau.fleet=${this.#fleet}`);
    const written = await readdir(join(this.#settings.dataDir, 'containers'));
    const ids = [...written, ...containers.map((labels) => labels['preau.instance'] ?? '')];
    return [...new Set(ids)].filter((id) => z.uuid().safeParse(id).success);
  }

  onExit(listener: (instanceId: string, slot: Slot) => void): void {
    this.#engine.onDeath(`preau.fleet=${this.#fleet}`, (labels) => {
      const slot = slots.find((one) => one === labels['preau.slot']);
      if (slot && labels['preau.instance']) listener(labels['preau.instance'], slot);
    });
  }

  /** The engine rotates logs and limits memory by itself. */
  async tend(): Promise<void> {}

  async #create({ spec, digest }: SlotRecord, slot: Slot): Promise<void> {
    const { dataDir, image } = this.#settings;
    const userId = this.#users ? await this.#users.of(spec.instanceId) : process.getuid?.();
    const run = join(dataDir, 'run', spec.instanceId);
    await mkdir(run, { recursive: true, mode: 0o700 });
    if (userId !== undefined && this.capabilities.ownUser) await chown(run, userId, userId);
    await rm(this.#socket(spec.instanceId, slot), { force: true });
    const socket = join(RUN, slot);
    const environment = environmentOf(spec, slot, socket);
    const memory = spec.memoryMiB * 1024 * 1024;
    const creation: Creation = {
      Image: `${image}:${spec.release.id}`,
      User: `${userId}:${userId}`,
      Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
      Cmd: [
        ...nodeFlags({ releasePath: RELEASE, memoryMiB: spec.memoryMiB, writesCache: false }),
        join(RELEASE, 'start.mjs'),
      ],
      Labels: {
        'preau.fleet': this.#fleet,
        'preau.instance': spec.instanceId,
        'preau.slot': slot,
        'preau.release': spec.release.id,
        'preau.digest': digest,
      },
      Healthcheck: {
        Test: ['CMD', '/node', '--permission', '-e', healthCheck(socket)],
        Interval: HEALTH_INTERVAL_NS,
        Timeout: 10e9,
        Retries: 3,
      },
      HostConfig: {
        NetworkMode: NETWORK,
        Binds: [`${run}:${RUN}`],
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        Memory: memory,
        MemorySwap: memory,
        PidsLimit: MAX_PROCESSES,
        NanoCpus: MAX_PROCESSORS * 1e9,
        IpcMode: 'private',
        RestartPolicy: { Name: 'no' },
        LogConfig: LOGS,
      },
    };
    await this.#engine.create(this.#nameOf(spec.instanceId, slot), creation);
  }

  async #inspect(record: SlotRecord, slot: Slot): Promise<Inspection> {
    const { instanceId, release } = record.spec;
    const there = await this.#engine.inspect(this.#nameOf(instanceId, slot));
    const running = there?.State.Status === 'running';
    return {
      presence: running ? 'running' : record.wanted === 'stopped' ? 'stopped' : 'crashed',
      release: release.id,
      endpoint: running ? `unix:${this.#socket(instanceId, slot)}` : null,
      startedAt: running ? new Date(there.State.StartedAt) : null,
      crashes: record.crashes,
    };
  }

  #nameOf(instanceId: string, slot: Slot): string {
    return `preau-${this.#fleet}-${instanceId}-${slot}`;
  }

  #socket(instanceId: string, slot: Slot): string {
    return join(this.#settings.dataDir, 'run', instanceId, slot);
  }

  #folder(instanceId: string): string {
    return join(this.#settings.dataDir, 'containers', instanceId);
  }

  #read(instanceId: string, slot: Slot): Promise<SlotRecord | undefined> {
    return readJson(join(this.#folder(instanceId), `${slot}.json`), recordSchema);
  }

  async #write(record: SlotRecord, slot: Slot): Promise<void> {
    const folder = this.#folder(record.spec.instanceId);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeJson(join(folder, `${slot}.json`), record);
  }
}

const seconds = (milliseconds: number): number => Math.ceil(milliseconds / 1000);

/** A program for Node: ends well where `/healthz` answers 200. */
const healthCheck = (socketPath: string): string =>
  `require('node:http').get(${JSON.stringify({ socketPath, path: '/healthz' })},(r)=>process.exit(r.statusCode===200?0:1)).on('error',()=>process.exit(1))`;
