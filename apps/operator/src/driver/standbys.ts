import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { claimed, standbyHealth } from '@preau/contract/standby';
import { z } from 'zod';
import { call } from '../endpoint.ts';
import { isMissing, readJson, replaceJson } from '../files.ts';
import type { Release } from '../release.ts';
import {
  DriverError,
  type InstanceSpec,
  LOG_LINES_IN_MESSAGE,
  type StandbyCensus,
  type StandbyPool,
} from './driver.ts';
import { clearAway, end, homeOf, type Launched, launch, type Machine } from './launch.ts';
import { rotate, tail } from './logFile.ts';
import { hurry, yieldToOthers } from './priority.ts';
import { processBirth, processesWith } from './procfs.ts';
import { bareEnvironment } from './specification.ts';

/** It starts behind everything else that the machine does. */
const WARM_MS = 300_000;
const POLL_MS = 200;
const LOOK_MS = 2_000;
/** The instance only has to listen: its modules are there. */
const CLAIM_MS = 3_000;
/** Starts of so long ago still ask for standbys. */
const DEMAND_MS = 600_000;
const FIRST_PAUSE_MS = 10_000;
const MAX_PAUSE_MS = 600_000;

export interface StandbySettings {
  /** How many are kept ready when nobody has started anything for a while. */
  min: number;
  /** How many at most, where there is memory for them; 0 keeps none. */
  max: number;
  /** What one may grow to; an instance with more starts cold. */
  memoryMiB: number;
}

/** `<data>/standbys/<id>.json`. `pid` is null from just before the start until it is known. */
const recordSchema = z.object({
  id: z.uuid(),
  release: z.object({ id: z.string(), path: z.string() }),
  pid: z.number().nullable(),
  birth: z.string().nullable(),
});

/** Which standby a process was: kept with the instance that it became. */
export const standbyProcess = z.object({ id: z.uuid(), pid: z.number(), birth: z.string() });
export type StandbyProcess = z.infer<typeof standbyProcess>;

interface Standby extends StandbyProcess {
  release: Release;
  /** Undefined for one that an earlier operator started. */
  child: Launched['child'] | undefined;
}

export const standbySocket = (dataDir: string, id: string) => join(homeOf(dataDir, id), 'http');
const claimSocket = (dataDir: string, id: string) => join(homeOf(dataDir, id), 'claim');
const markOf = (id: string) => `standby/${id}`;
const groupOf = (id: string) => `standby-${id}`;

/**
 * Processes of a release that have started and drawn their first pages for nobody, each with its own user, limits
 * and sandbox from its start. One is taken once; whatever comes of it then, it is not a standby again.
 */
export class Standbys implements StandbyPool {
  readonly census: StandbyCensus = {
    free: 0,
    wanted: 0,
    claimed: 0,
    cold: 0,
    failed: 0,
    refills: 0,
    refillSeconds: 0,
  };
  readonly #machine: Machine;
  readonly #settings: StandbySettings;
  readonly #folder: string;
  readonly #free: Standby[] = [];
  /** When instances were started. */
  readonly #starts: number[] = [];
  #failures = 0;
  /** The release of the last standby that was asked for. */
  #release = '';
  #notBefore = 0;
  #tending: Promise<void> | undefined;
  /** The process that warms up at the moment. */
  #warming: number | undefined;

  private constructor(machine: Machine, settings: StandbySettings) {
    this.#machine = machine;
    this.#settings = settings;
    this.#folder = join(machine.dataDir, 'standbys');
  }

  /** Adopts what an earlier operator left ready and ends what it left half-started. */
  static async open(machine: Machine, settings: StandbySettings): Promise<Standbys> {
    const standbys = new Standbys(machine, settings);
    await mkdir(standbys.#folder, { recursive: true, mode: 0o700 });
    const names = (await readdir(standbys.#folder)).filter((name) => name.endsWith('.json'));
    await Promise.all(names.map((name) => standbys.#adopt(join(standbys.#folder, name))));
    return standbys;
  }

  /** A standby for an instance, or undefined where none fits. It belongs to the caller, who claims or ends it. */
  take({ release, memoryMiB }: InstanceSpec): Standby | undefined {
    const at =
      memoryMiB <= this.#settings.memoryMiB
        ? this.#free.findIndex((one) => one.release.id === release.id && one.release.path === release.path)
        : -1;
    const [taken] = at < 0 ? [] : this.#free.splice(at, 1);
    this.#count();
    return taken;
  }

  /** An instance was started: what was not claimed was cold. */
  started(way: 'claimed' | 'cold'): void {
    this.census[way]++;
    this.#starts.push(Date.now());
    this.census.wanted = Math.max(this.census.wanted, this.#wanted());
  }

  /**
   * Makes the standby an instance, for good.
   * @param log where it writes from now on; what it wrote before stays apart
   * @throws Error when it is not that instance now; it must be ended then
   */
  async claim(
    { id, pid }: Standby,
    spec: InstanceSpec,
    environment: NodeJS.ProcessEnv,
    log: string,
  ): Promise<void> {
    const { dataDir, groups } = this.#machine;
    await rm(this.#record(id), { force: true });
    await this.#handOverLog(id, log);
    await groups?.confine(groupOf(id), pid, spec.memoryMiB).catch(() => undefined);
    const answer = await call(`unix:${claimSocket(dataDir, id)}`, {
      method: 'POST',
      path: '/claim',
      json: { environment },
      timeoutMs: CLAIM_MS,
    });
    if (answer.status !== 200) throw new DriverError(`A standby refused its claim: ${answer.status}.`);
    const { instance, release } = claimed.parse(JSON.parse(answer.body));
    if (instance !== spec.instanceId || release !== spec.release.id)
      throw new DriverError(`A standby became ${instance} of ${release}.`);
  }

  /** Ends the process of a standby, claimed or not, and removes what was its own. */
  async dismiss({ id, pid, birth }: StandbyProcess): Promise<void> {
    const at = this.#free.findIndex((one) => one.id === id);
    if (at >= 0) this.#free.splice(at, 1);
    this.#count();
    if ((await processBirth(pid)) === birth) await end(pid, 0);
    await this.#clear(id);
  }

  tend(release: Release, quiet: boolean, room: number): Promise<void> {
    this.#tending ??= this.#once(release, quiet, room).finally(() => {
      this.#tending = undefined;
    });
    return this.#tending;
  }

  async drain(): Promise<void> {
    this.#notBefore = Number.POSITIVE_INFINITY;
    // Whoever leaves does not wait until it is warm.
    if (this.#warming !== undefined) await end(this.#warming, 0);
    await this.#tending?.catch(() => undefined);
    await Promise.all(this.#free.splice(0).map((one) => this.dismiss(one)));
    this.#count();
  }

  async #once(release: Release, quiet: boolean, room: number): Promise<void> {
    await rotate(this.#pastLog());
    if (this.#release !== release.id) this.#forgive(release.id);
    for (const one of [...this.#free])
      if ((await processBirth(one.pid)) !== one.birth || one.release.id !== release.id)
        await this.dismiss(one);
    const wanted = Math.min(room, this.#wanted());
    this.census.wanted = wanted;
    const [oldest] = this.#free;
    if (oldest && this.#free.length > wanted) await this.dismiss(oldest);
    if (!quiet || this.#free.length >= wanted || Date.now() < this.#notBefore) return;
    try {
      const begun = performance.now();
      const ready = await this.#ready(release);
      this.#failures = 0;
      this.census.refills++;
      this.census.refillSeconds += (performance.now() - begun) / 1000;
      // The driver may have been told to leave meanwhile.
      if (this.#notBefore === Number.POSITIVE_INFINITY) await this.dismiss(ready);
      else this.#free.push(ready);
      this.#count();
    } catch (error) {
      this.census.failed++;
      this.#notBefore = Math.max(
        this.#notBefore,
        Date.now() + Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures++),
      );
      throw error;
    }
  }

  /** Another release may start where this one did not. */
  #forgive(release: string): void {
    this.#release = release;
    this.#failures = 0;
    if (this.#notBefore !== Number.POSITIVE_INFINITY) this.#notBefore = 0;
  }

  /** As many as were started lately, within the limits. */
  #wanted(): number {
    const since = Date.now() - DEMAND_MS;
    while (this.#starts[0] !== undefined && this.#starts[0] < since) this.#starts.shift();
    const { min, max } = this.#settings;
    return Math.min(max, Math.max(min, this.#starts.length));
  }

  /** Starts a standby and waits until it has warmed up. */
  async #ready(release: Release): Promise<Standby> {
    const { dataDir } = this.#machine;
    const id = randomUUID();
    await replaceJson(this.#record(id), { id, release, pid: null, birth: null });
    try {
      const { child, pid } = await launch(this.#machine, {
        home: id,
        group: groupOf(id),
        releasePath: release.path,
        memoryMiB: this.#settings.memoryMiB,
        environment: {
          ...bareEnvironment,
          PREAU_SLOT: markOf(id),
          RELEASE: release.id,
          STANDBY: claimSocket(dataDir, id),
        },
        log: this.#log(id),
      });
      this.#warming = pid;
      await yieldToOthers(pid);
      if (this.#notBefore === Number.POSITIVE_INFINITY) throw new DriverError('The operator leaves.');
      const birth = (await processBirth(pid)) ?? '';
      await replaceJson(this.#record(id), { id, release, pid, birth });
      const deadline = performance.now() + WARM_MS;
      while (!(await this.#standsBy(id, release))) {
        if (performance.now() > deadline || (await processBirth(pid)) !== birth)
          throw new DriverError(
            `A standby did not warm up. It last wrote:\n${(await tail(this.#log(id), LOG_LINES_IN_MESSAGE)).join('\n')}`,
          );
        await sleep(POLL_MS);
      }
      await hurry(pid);
      const standby: Standby = { id, pid, birth, release, child };
      child.once('exit', () => {
        if (this.#free.includes(standby)) void this.dismiss(standby).catch(() => undefined);
      });
      return standby;
    } catch (error) {
      if (this.#warming !== undefined) await end(this.#warming, 0);
      await this.#clear(id);
      throw error;
    } finally {
      this.#warming = undefined;
    }
  }

  async #standsBy(id: string, release: Release): Promise<boolean> {
    try {
      const endpoint = `unix:${claimSocket(this.#machine.dataDir, id)}`;
      const { status, body } = await call(endpoint, { path: '/healthz', timeoutMs: LOOK_MS });
      return status === 200 && standbyHealth.parse(JSON.parse(body)).release === release.id;
    } catch {
      return false;
    }
  }

  async #adopt(path: string): Promise<void> {
    const record = await readJson(path, recordSchema).catch(() => undefined);
    if (!record) return rm(path, { force: true });
    const { id, release, pid, birth } = record;
    const lives = pid !== null && birth !== null && (await processBirth(pid)) === birth;
    if (lives && (await this.#standsBy(id, release))) {
      this.#free.push({ id, release, pid, birth, child: undefined });
      return this.#count();
    }
    if (lives) await end(pid, 0);
    else if (pid === null) await this.#endByMark(id);
    await this.#clear(id);
  }

  async #endByMark(id: string): Promise<void> {
    for (const pid of await processesWith('PREAU_SLOT', markOf(id))) await end(pid, 0);
  }

  /** Removes what is left of a process that has ended: its user's id last, when nothing of it is there any more. */
  async #clear(id: string): Promise<void> {
    await clearAway(this.#machine, { home: id, group: groupOf(id) });
    await this.#keepPast(id);
    await rm(this.#log(id), { force: true });
    await rm(this.#record(id), { force: true });
    await this.#machine.users?.free(id);
  }

  /** The process keeps its file open: the instance's earlier lines are put into it, and it takes that one's place. */
  async #handOverLog(id: string, log: string): Promise<void> {
    await this.#keepPast(id);
    const own = this.#log(id);
    await truncate(own);
    const earlier = await readFile(log).catch((error: unknown) => {
      if (isMissing(error)) return Buffer.alloc(0);
      throw error;
    });
    await writeFile(own, earlier, { flag: 'a' });
    await rename(own, log);
  }

  /** What standbys wrote before they were somebody. */
  async #keepPast(id: string): Promise<void> {
    const lines = await readFile(this.#log(id)).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    if (lines) await writeFile(this.#pastLog(), lines, { flag: 'a', mode: 0o600 });
  }

  #count(): void {
    this.census.free = this.#free.length;
  }

  #record(id: string): string {
    return join(this.#folder, `${id}.json`);
  }

  #log(id: string): string {
    return join(this.#folder, `${id}.log`);
  }

  #pastLog(): string {
    return join(this.#folder, 'past.log');
  }
}
