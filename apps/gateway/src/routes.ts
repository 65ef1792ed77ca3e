import { mkdirSync, readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Route, RouteState, RouteTarget, SleepRequest } from '@preau/contract/gateway';
import { latencyBounds, routeTarget } from '@preau/contract/gateway';
import { jsonText } from '@preau/contract/jsonText';
import { z } from 'zod';
import { Upstream } from './upstream.ts';

/** What the gateway knows of one platform. */
export interface Entry {
  readonly host: string;
  readonly state: RouteState;
  readonly name: string | undefined;
  readonly locale: 'fr' | 'en' | undefined;
  /** Whom to ask for it while it sleeps. */
  readonly operator: string | undefined;
  readonly since: string;
  readonly upstream: Upstream | undefined;
  /** What it led to before: a new release is compared with it. */
  readonly former: Upstream | undefined;
  readonly traffic: Traffic;
}

/** Survives a swap: it belongs to the host. */
export interface Traffic {
  requests: number;
  serverErrors: number;
  inFlight: number;
  lastRequestAt: number | undefined;
  /** When counting began. */
  since: number;
  bytesSent: number;
  /** By `latencyBounds`, and a last one for the slower ones. */
  latency: number[];
  /** Requests and sockets of people and their programs, without watchers'. */
  active: number;
  /** When the last of them began or ended, or the gateway did. */
  lastActiveAt: number;
}

const noTraffic = (): Traffic => ({
  requests: 0,
  serverErrors: 0,
  inFlight: 0,
  lastRequestAt: undefined,
  since: Date.now(),
  bytesSent: 0,
  latency: Array.from({ length: latencyBounds.length + 1 }, () => 0),
  active: 0,
  lastActiveAt: Date.now(),
});

const snapshot = z.object({
  version: z.literal(1),
  routes: z.array(z.object({ host: z.string(), since: z.string(), target: routeTarget })),
});

/** Host → entry, in memory; every change is on disk before it is answered, and loaded again at start. */
export class RouteTable {
  readonly #file: string;
  readonly #entries = new Map<string, Entry>();
  readonly #draining = new Map<string, Set<Upstream>>();
  #onChange: (host: string) => void = () => undefined;
  #saving: Promise<void> | undefined;
  #dirty: Promise<void> | undefined;

  /** @throws where the snapshot exists and cannot be read: routes must not vanish in silence. */
  constructor(file: string) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    for (const saved of readSnapshot(file)) this.#set(saved.host, saved.target, saved.since);
  }

  get(host: string): Entry | undefined {
    return this.#entries.get(host);
  }

  has(host: string): boolean {
    return this.#entries.has(host);
  }

  /** How many routes there are in each state. */
  states(): Map<string, number> {
    const states = new Map<string, number>();
    for (const { state } of this.#entries.values()) states.set(state, (states.get(state) ?? 0) + 1);
    return states;
  }

  entries(): IterableIterator<Entry> {
    return this.#entries.values();
  }

  /** Who wants to know that a route is another one now. */
  onChange(listener: (host: string) => void): void {
    this.#onChange = listener;
  }

  /** Swaps the route under the feet of no one: requests under way stay with the old endpoint. */
  async put(host: string, target: RouteTarget): Promise<Route> {
    this.#set(host, target, new Date().toISOString());
    return this.#saved(host);
  }

  /**
   * Makes an idle live route a sleeping one: looking and changing are one step, so that no request is passed on in
   * between. Resolves undefined where somebody uses it, or another process serves it than the one named.
   */
  async sleep(
    host: string,
    { endpoint, idleMilliseconds, evenInUse }: SleepRequest,
  ): Promise<Route | undefined> {
    const entry = this.#entries.get(host);
    if (entry?.state === 'sleeping') return this.#saved(host);
    if (entry?.state !== 'live' || entry.upstream?.endpoint !== endpoint) return undefined;
    const since = idleSince(entry);
    if (!evenInUse && (since === undefined || Date.now() - since < idleMilliseconds)) return undefined;
    const { name, locale, operator } = entry;
    this.#set(host, { state: 'sleeping', name, locale, operator }, new Date().toISOString());
    return this.#saved(host);
  }

  /** Resolves false where there was none. */
  async delete(host: string): Promise<boolean> {
    const entry = this.#entries.get(host);
    if (entry === undefined) return false;
    this.#entries.delete(host);
    this.#retire(host, entry.upstream);
    this.#onChange(host);
    await this.#save();
    return true;
  }

  describe(host: string): Route | undefined {
    const entry = this.#entries.get(host);
    if (entry === undefined) return undefined;
    const { requests, serverErrors, inFlight, lastRequestAt, since, bytesSent, latency } = entry.traffic;
    const idle = idleSince(entry);
    return {
      host,
      state: entry.state,
      endpoint: entry.upstream?.endpoint,
      name: entry.name,
      locale: entry.locale,
      operator: entry.operator,
      since: entry.since,
      traffic: {
        requests,
        serverErrors,
        inFlight,
        lastRequestAt: lastRequestAt === undefined ? null : new Date(lastRequestAt).toISOString(),
        since: new Date(since).toISOString(),
        bytesSent,
        latency,
        idleSince: idle === undefined ? null : new Date(idle).toISOString(),
      },
      serving: entry.upstream?.traffic() ?? null,
      former: entry.former?.traffic() ?? null,
      draining: [...(this.#draining.get(host) ?? [])].map((upstream) => ({
        endpoint: upstream.endpoint,
        inFlight: upstream.inFlight,
      })),
    };
  }

  #set(host: string, target: RouteTarget, since: string): void {
    const before = this.#entries.get(host);
    const kept = before?.upstream !== undefined && before.upstream.endpoint === target.endpoint;
    const upstream = kept
      ? before.upstream
      : target.endpoint === undefined
        ? undefined
        : new Upstream(target.endpoint);
    this.#entries.set(host, {
      host,
      state: target.state,
      name: target.name,
      locale: target.locale,
      operator: target.operator,
      since: before?.state === target.state && kept ? before.since : since,
      upstream,
      former: kept ? before.former : (before?.upstream ?? before?.former),
      traffic: before?.traffic ?? noTraffic(),
    });
    if (!kept) this.#retire(host, before?.upstream);
    this.#onChange(host);
  }

  #retire(host: string, upstream: Upstream | undefined): void {
    if (upstream === undefined) return;
    const leaving = this.#draining.get(host) ?? new Set();
    this.#draining.set(host, leaving.add(upstream));
    upstream.retire(() => {
      leaving.delete(upstream);
      if (leaving.size === 0 && this.#draining.get(host) === leaving) this.#draining.delete(host);
    });
  }

  async #saved(host: string): Promise<Route> {
    await this.#save();
    const route = this.describe(host);
    if (route === undefined) throw new Error(`The route of ${host} was deleted while it was being saved.`);
    return route;
  }

  /** Changes that arrive while a save runs share the next one. */
  #save(): Promise<void> {
    if (this.#saving === undefined) {
      this.#saving = this.#write().finally(() => {
        this.#saving = undefined;
      });
      return this.#saving;
    }
    this.#dirty ??= this.#saving
      .catch(() => undefined)
      .then(() => {
        this.#dirty = undefined;
        return this.#save();
      });
    return this.#dirty;
  }

  async #write(): Promise<void> {
    const routes = [...this.#entries.values()].map(
      ({ host, since, state, name, locale, operator, upstream }) => ({
        host,
        since,
        target: { state, name, locale, operator, endpoint: upstream?.endpoint },
      }),
    );
    const draft = `${this.#file}.new`;
    const handle = await open(draft, 'w', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify({ version: 1, routes }, null, 1)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, this.#file);
  }
}

/** A platform that has just been opened was not idle before. */
const idleSince = ({ since, traffic }: Entry): number | undefined =>
  traffic.active > 0 ? undefined : Math.max(traffic.lastActiveAt, Date.parse(since));

function readSnapshot(file: string): z.infer<typeof snapshot>['routes'] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  const parsed = jsonText.pipe(snapshot).safeParse(text);
  if (!parsed.success) {
    throw new Error(
      `${file} is not a snapshot of routes. Move it away; the operator puts every route again.`,
    );
  }
  return parsed.data.routes;
}
