import { Counter, type Family, Histogram, processFamilies, prometheusText } from '@preau/contract/metrics';

/** Counters of the gateway by part of the house, in Prometheus's text format. */
export class Metrics {
  readonly #requests = new Counter('part', 'status');
  readonly #seconds = new Histogram('part');
  readonly #failures = new Counter('part', 'why');
  readonly #process = processFamilies();
  readonly #held: () => number;
  inFlight = 0;
  webSockets = 0;

  /** @param held how many requests wait for a platform to wake */
  constructor(held: () => number) {
    this.#held = held;
  }

  observe(part: string, status: number, milliseconds: number): void {
    this.#requests.add({ part, status: `${Math.floor(status / 100)}xx` });
    this.#seconds.observe({ part }, milliseconds / 1000);
  }

  fail(part: string, why: string): void {
    this.#failures.add({ part, why });
  }

  /** @param routes number of routes by state */
  families(routes: ReadonlyMap<string, number>): Family[] {
    const gauge = (name: string, help: string, value: number): Family => ({
      name,
      help,
      type: 'gauge',
      samples: [{ value }],
    });
    return [
      {
        name: 'preau_gateway_requests_total',
        help: 'Requests answered.',
        type: 'counter',
        samples: this.#requests.samples(),
      },
      {
        name: 'preau_gateway_request_seconds',
        help: 'From the request line to the end of the answer.',
        type: 'histogram',
        samples: this.#seconds.samples(),
      },
      {
        name: 'preau_gateway_upstream_failures_total',
        help: 'Requests no process behind answered.',
        type: 'counter',
        samples: this.#failures.samples(),
      },
      gauge('preau_gateway_in_flight', 'Requests under way.', this.inFlight),
      gauge('preau_gateway_web_sockets', 'WebSockets open.', this.webSockets),
      gauge('preau_gateway_held', 'Requests that wait for a platform to wake.', this.#held()),
      {
        name: 'preau_gateway_routes',
        help: 'Routes by state.',
        type: 'gauge',
        samples: [...routes].map(([state, value]) => ({ labels: { state }, value })),
      },
      ...this.#process(),
    ];
  }

  text(routes: ReadonlyMap<string, number>): string {
    return prometheusText(this.families(routes));
  }
}
