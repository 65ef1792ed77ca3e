import { Agent } from 'node:http';
import type { EndpointTraffic } from '@preau/contract/gateway';

/** The most sockets kept open and idle to one process. */
const IDLE_SOCKETS = 64;
/** Idle sockets go before the other side's own limit (5 s in Node's server) does, so no request meets a closing one. */
const IDLE_MILLISECONDS = 4_000;

/** Upper bounds of times in milliseconds, a fifth apart: fine enough to tell a percentile from its double. */
const BOUNDS = Array.from({ length: 60 }, (_, nth) => 1.2 ** nth);

/** One process behind the gateway: its address, its kept-alive sockets and how much it is carrying. */
export class Upstream {
  readonly endpoint: string;
  readonly agent: Agent;
  readonly address: { socketPath: string } | { host: string; port: number };
  inFlight = 0;
  #requests = 0;
  #serverErrors = 0;
  /** How many answers took at most as long as each bound says. */
  readonly #times: number[] = BOUNDS.map(() => 0);
  #closing = false;
  readonly #onIdle: (() => void)[] = [];

  /** @param endpoint `http://host:port` or `unix:/path` */
  constructor(endpoint: string) {
    this.endpoint = endpoint;
    this.agent = new Agent({
      keepAlive: true,
      maxFreeSockets: IDLE_SOCKETS,
      timeout: IDLE_MILLISECONDS,
      scheduling: 'lifo',
    });
    if (endpoint.startsWith('unix:')) {
      this.address = { socketPath: endpoint.slice('unix:'.length) };
    } else {
      const url = new URL(endpoint);
      this.address = { host: url.hostname, port: Number(url.port || 80) };
    }
  }

  /** Counts one request or socket; call the answer exactly once when it is over. */
  enter(): () => void {
    this.inFlight++;
    return () => {
      this.inFlight--;
      if (this.inFlight === 0 && this.#closing) this.#close();
    };
  }

  /** Counts an answer. */
  observe(status: number, milliseconds: number): void {
    this.#requests++;
    if (status >= 500) this.#serverErrors++;
    const found = BOUNDS.findIndex((bound) => milliseconds <= bound);
    const at = found < 0 ? BOUNDS.length - 1 : found;
    this.#times[at] = (this.#times[at] ?? 0) + 1;
  }

  traffic(): EndpointTraffic {
    let at = -1;
    for (let seen = 0; seen < this.#requests * 0.95; seen += this.#times[at] ?? 0) at++;
    return {
      endpoint: this.endpoint,
      requests: this.#requests,
      serverErrors: this.#serverErrors,
      p95Ms: this.#requests === 0 ? null : (BOUNDS[at] ?? null),
    };
  }

  /** Takes no new work; what is under way goes on, then the idle sockets are closed. */
  retire(onIdle: () => void): void {
    this.#closing = true;
    this.#onIdle.push(onIdle);
    if (this.inFlight === 0) this.#close();
  }

  #close(): void {
    this.agent.destroy();
    for (const tell of this.#onIdle.splice(0)) tell();
  }
}
