import type { PrivateKeyFile } from '@preau/identity';

/** Two places for one instance, so that a new process can be checked before the old one is drained. */
export type Slot = 'blue' | 'green';
export const slots = ['blue', 'green'] as const satisfies readonly Slot[];

/** How many of a log's last lines a failure quotes: an uncaught error with its stack, whose first line says what it is. */
export const LOG_LINES_IN_MESSAGE = 16;

/** Everything a driver needs to run one instance; it holds no database credential. */
export interface InstanceSpec {
  instanceId: string;
  tenantId: string;
  /** Id and folder of an immutable release. */
  release: { id: string; path: string };
  /** The backend as the instance reaches it. */
  backendUrl: string;
  /** The hub, as browsers reach it. */
  publicUrl: string;
  /** The instance itself, as browsers reach it. */
  platformUrl: string;
  key: PrivateKeyFile;
  /** What it encrypts the arguments of its pages' actions with: base64 of 32 bytes, one a tenant, kept when keys change. */
  actionsKey: string;
  /** Hard limit in MiB. */
  memoryMiB: number;
}

export type Presence =
  /** nothing is known of it */
  | 'absent'
  /** it was stopped on purpose */
  | 'stopped'
  | 'running'
  /** it should run and does not */
  | 'crashed';

export interface Inspection {
  presence: Presence;
  release: string | null;
  /** Where the gateway reaches it: `unix:/path` or `http://address:port`. */
  endpoint: string | null;
  startedAt: Date | null;
  /** How often it was started again after a crash since somebody last asked for it. */
  crashes: number;
}

export interface Stats {
  /** Private and shared memory in bytes, shared pages divided by their users (PSS). */
  memoryBytes: number;
  /** Seconds of processor time since its start. */
  cpuSeconds: number;
}

export interface Capabilities {
  /** What holds an instance to its memory: the kernel, V8's heap limit only. */
  memoryLimit: 'kernel' | 'heap';
  /** Each instance has its own user. */
  ownUser: boolean;
  suspend: boolean;
  multiNode: boolean;
}

/** A slot that runs what was asked for. */
export interface Started extends Inspection {
  /** The process itself has just said that it serves as this instance: nobody needs to ask it. */
  answers?: boolean;
}

/** What became of standbys since the driver was opened. */
export interface StandbyCensus {
  /** Ready to be claimed now, and how many should be. */
  free: number;
  wanted: number;
  /** Starts that claimed one, and starts that did not. */
  claimed: number;
  cold: number;
  /** Standbys that did not warm up. */
  failed: number;
  /** Standbys that did, and the seconds that it took. */
  refills: number;
  refillSeconds: number;
}

/** Processes that a driver keeps started and warmed up for nobody, so that a start is a claim. */
export interface StandbyPool {
  readonly census: Readonly<StandbyCensus>;
  /**
   * One step towards as many free standbys of the release as recent starts ask for.
   * @param quiet nobody waits for a start: a standby may be started
   * @param room for how many there is memory, those that are free included
   */
  tend(release: InstanceSpec['release'], quiet: boolean, room: number): Promise<void>;
  /** Ends all that are free and makes no more. */
  drain(): Promise<void>;
}

/** Runs instances. Every method may be repeated: it brings about a state, it does not perform an action. */
export interface Driver {
  readonly name: 'process' | 'docker' | 'kubernetes';
  readonly capabilities: Capabilities;
  /** Undefined where starts are always cold. */
  readonly standbys: StandbyPool | undefined;
  /** Makes the slot run exactly this specification; a process that runs another one is replaced. */
  ensure(spec: InstanceSpec, slot: Slot): Promise<Started>;
  inspect(instanceId: string, slot: Slot): Promise<Inspection>;
  /** Starts a slot again that was ensured before, after a crash or a stop. */
  start(instanceId: string, slot: Slot): Promise<Inspection>;
  /** Asks the process to finish its requests and end, for `drainMs` at most, then ends it. */
  stop(instanceId: string, slot: Slot, drainMs: number): Promise<void>;
  /** Ends the process of a slot and leaves it wanted: it counts as crashed and whoever looks starts it again. */
  halt(instanceId: string, slot: Slot): Promise<void>;
  /** Stops both slots and forgets the instance: files, limits, logs. */
  destroy(instanceId: string): Promise<void>;
  stats(instanceId: string, slot: Slot): Promise<Stats | null>;
  /** The last lines that the process wrote. */
  logs(instanceId: string, slot: Slot, lines: number): Promise<string[]>;
  /** Every instance the driver knows. */
  list(): Promise<string[]>;
  /** Called when a process ends, at once or within two seconds; a hint to look, nothing more. */
  onExit(listener: (instanceId: string, slot: Slot) => void): void;
  /** Periodic housekeeping: rotates logs. */
  tend(): Promise<void>;
}

/** An instance cannot be started and trying again will not help; the message says what to do. */
export class DriverError extends Error {
  override name = 'DriverError';
}
