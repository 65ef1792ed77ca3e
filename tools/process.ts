/** Child processes of the launcher: started, watched, restarted, stopped; their pids kept for the next start. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { Refusal } from './terminal.ts';

/** Vite prepares the hub's packages before it answers for the first time. */
const HEALTH_TIMEOUT_MS = 180_000;
const HEALTH_INTERVAL_MS = 50;
const STOP_TIMEOUT_MS = 8_000;
const RESTART_DELAY_MS = 1_000;
/** What has run for so long is started again at once. */
const SOUND_MS = 5_000;

export interface Service {
  name: string;
  command: string[];
  cwd: string;
  env: Record<string, string>;
  /** Where `GET /healthz` answers 200 once it is ready. */
  health: { port: number } | { socket: string };
  /** The signal that ends it; SIGTERM where nothing is said. */
  stopSignal?: NodeJS.Signals;
}

const processSchema = z.object({ pid: z.int(), started: z.string() });
const recordSchema = z.object({ launcher: processSchema, services: z.array(processSchema) });

/** The start time of a process, which with its pid names it for ever; undefined where it is gone. */
function startTime(pid: number): string | undefined {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return stdout?.trim() || undefined;
  }
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19];
  } catch {
    return undefined;
  }
}

/** A free port on loopback. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** Free ports on loopback, one for each name: asked for one after the other, two may be the same. */
export async function freePorts<const Name extends string>(...names: Name[]): Promise<Record<Name, number>> {
  const found = new Map<Name, number>();
  while (found.size < names.length) {
    const port = await freePort();
    const name = names[found.size];
    if (name !== undefined && ![...found.values()].includes(port)) found.set(name, port);
  }
  return Object.fromEntries(found) as Record<Name, number>;
}

/** Refuses with a remedy where somebody listens on the port already. */
export function requirePort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EACCES' ? 'needs more rights' : 'is in use by another program';
      reject(
        new Refusal(`Port ${port} ${why}. Stop that program, or choose another port: PORT=8090 npm start`),
      );
    });
    server.listen(port, () => server.close(() => resolve()));
  });
}

function healthy(health: Service['health']): Promise<boolean> {
  return new Promise((resolve) => {
    const where = 'port' in health ? { host: '127.0.0.1', port: health.port } : { socketPath: health.socket };
    const call = request({ ...where, path: '/healthz', timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.on('error', () => resolve(false));
    call.on('timeout', () => call.destroy());
    call.end();
  });
}

export class Services {
  readonly #record: string;
  readonly #logs: string;
  readonly #running = new Map<string, { child: ChildProcess; service: Service }>();
  readonly #ready = new Set<string>();
  #stopping = false;

  constructor(dataDir: string) {
    this.#record = join(dataDir, 'services.json');
    this.#logs = join(dataDir, 'logs');
    mkdirSync(this.#logs, { recursive: true });
  }

  /**
   * Ends what a killed launcher left running.
   * @returns how many processes that were
   * @throws Refusal where the launcher of this data folder lives
   */
  async heal(): Promise<number> {
    if (!existsSync(this.#record)) return 0;
    const parsed = recordSchema.safeParse(JSON.parse(readFileSync(this.#record, 'utf8')));
    if (!parsed.success) return 0;
    const { launcher, services } = parsed.data;
    if (launcher.pid !== process.pid && startTime(launcher.pid) === launcher.started) {
      throw new Refusal(
        `Préau already runs on this data folder (process ${launcher.pid}). Stop it with Ctrl-C, or choose another folder: DATA_DIR=… PORT=… npm start`,
      );
    }
    const left = services.filter(({ pid, started }) => startTime(pid) === started);
    for (const { pid } of left) process.kill(pid, 'SIGTERM');
    const deadline = Date.now() + STOP_TIMEOUT_MS;
    for (const { pid, started } of left) {
      while (startTime(pid) === started && Date.now() < deadline)
        await new Promise((r) => setTimeout(r, HEALTH_INTERVAL_MS));
      if (startTime(pid) === started) process.kill(pid, 'SIGKILL');
    }
    rmSync(this.#record, { force: true });
    return left.length;
  }

  /** Starts a service and waits until it is ready. It is started again whenever it ends by itself. */
  async start(service: Service): Promise<void> {
    this.#spawn(service);
    const deadline = Date.now() + HEALTH_TIMEOUT_MS;
    while (!(await healthy(service.health))) {
      if (this.#stopping) throw new Refusal('Stopped.');
      const child = this.#running.get(service.name)?.child;
      if (child?.exitCode != null || Date.now() > deadline) {
        throw new Refusal(
          `${service.name} did not become ready. The end of ${this.#logFile(service.name)}:\n\n${this.tail(service.name)}`,
        );
      }
      await new Promise((r) => setTimeout(r, HEALTH_INTERVAL_MS));
    }
    this.#ready.add(service.name);
  }

  /** The last lines of a service's log. */
  tail(name: string): string {
    const file = this.#logFile(name);
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(-25).join('\n') : '(empty)';
  }

  pid(name: string): number | undefined {
    return this.#running.get(name)?.child.pid;
  }

  pids(): number[] {
    return [...this.#running.values()].flatMap(({ child }) => (child.pid === undefined ? [] : [child.pid]));
  }

  /** Ends every service, the last started first. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const { child, service } of [...this.#running.values()].reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill(service.stopSignal ?? 'SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(force);
    }
    rmSync(this.#record, { force: true });
  }

  #logFile(name: string): string {
    return join(this.#logs, `${name}.log`);
  }

  #spawn(service: Service): void {
    const log = createWriteStream(this.#logFile(service.name), {
      flags: this.#running.has(service.name) ? 'a' : 'w',
    });
    const [file = '', ...args] = service.command;
    const child = spawn(file, args, {
      cwd: service.cwd,
      // Its own process group: Ctrl-C reaches the launcher alone, which then stops its services in order.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        NODE_ENV: 'production',
        PATH: process.env.PATH ?? '',
        HOME: process.env.HOME ?? '',
        LANG: process.env.LANG ?? 'C.UTF-8',
        ...service.env,
      },
    });
    const since = performance.now();
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    child.on('exit', (code, signal) => {
      log.end();
      if (this.#stopping || !this.#ready.has(service.name)) return;
      console.error(
        `! ${service.name} ended (${signal ?? code}); starting it again. Log: ${this.#logFile(service.name)}`,
      );
      const sound = performance.now() - since > SOUND_MS;
      setTimeout(() => !this.#stopping && this.#spawn(service), sound ? 0 : RESTART_DELAY_MS);
    });
    this.#running.set(service.name, { child, service });
    this.#save();
  }

  #save(): void {
    const identify = (pid: number | undefined) => {
      const started = pid === undefined ? undefined : startTime(pid);
      return pid === undefined || started === undefined ? [] : [{ pid, started }];
    };
    const [launcher] = identify(process.pid);
    const services = [...this.#running.values()].flatMap(({ child }) => identify(child.pid));
    writeFileSync(this.#record, JSON.stringify({ launcher, services }));
  }
}
