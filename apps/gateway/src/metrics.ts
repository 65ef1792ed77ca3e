/** Upper bounds in seconds; Prometheus histograms are cumulative. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Series {
  requests: Map<string, number>;
  buckets: number[];
  seconds: number;
  count: number;
}

/** Counters of the gateway by part of the house, in Prometheus's text format 0.0.4. */
export class Metrics {
  readonly #parts = new Map<string, Series>();
  readonly #failures = new Map<string, number>();
  readonly #held: () => number;
  inFlight = 0;
  webSockets = 0;

  /** @param held how many requests wait for a platform to wake */
  constructor(held: () => number) {
    this.#held = held;
  }

  observe(part: string, status: number, milliseconds: number): void {
    let series = this.#parts.get(part);
    if (series === undefined) {
      series = { requests: new Map(), buckets: BOUNDS.map(() => 0), seconds: 0, count: 0 };
      this.#parts.set(part, series);
    }
    const kind = `${Math.floor(status / 100)}xx`;
    series.requests.set(kind, (series.requests.get(kind) ?? 0) + 1);
    const seconds = milliseconds / 1000;
    series.seconds += seconds;
    series.count++;
    for (const [index, bound] of BOUNDS.entries()) {
      if (seconds <= bound) series.buckets[index] = (series.buckets[index] ?? 0) + 1;
    }
  }

  fail(part: string, why: string): void {
    const labels = `part="${part}",why="${why}"`;
    this.#failures.set(labels, (this.#failures.get(labels) ?? 0) + 1);
  }

  /** @param routes number of routes by state */
  text(routes: ReadonlyMap<string, number>): string {
    const lines: string[] = [];
    const family = (name: string, type: string, help: string) => {
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    };
    family('preau_gateway_requests_total', 'counter', 'Requests answered.');
    for (const [part, series] of this.#parts)
      for (const [kind, count] of series.requests)
        lines.push(`preau_gateway_requests_total{part="${part}",status="${kind}"} ${count}`);
    family('preau_gateway_request_seconds', 'histogram', 'From the request line to the end of the answer.');
    for (const [part, series] of this.#parts) {
      for (const [index, bound] of BOUNDS.entries())
        lines.push(
          `preau_gateway_request_seconds_bucket{part="${part}",le="${bound}"} ${series.buckets[index]}`,
        );
      lines.push(
        `preau_gateway_request_seconds_bucket{part="${part}",le="+Inf"} ${series.count}`,
        `preau_gateway_request_seconds_sum{part="${part}"} ${series.seconds}`,
        `preau_gateway_request_seconds_count{part="${part}"} ${series.count}`,
      );
    }
    family('preau_gateway_upstream_failures_total', 'counter', 'Requests no process behind answered.');
    for (const [labels, count] of this.#failures)
      lines.push(`preau_gateway_upstream_failures_total{${labels}} ${count}`);
    family('preau_gateway_in_flight', 'gauge', 'Requests under way.');
    lines.push(`preau_gateway_in_flight ${this.inFlight}`);
    family('preau_gateway_web_sockets', 'gauge', 'WebSockets open.');
    lines.push(`preau_gateway_web_sockets ${this.webSockets}`);
    family('preau_gateway_held', 'gauge', 'Requests that wait for a platform to wake.');
    lines.push(`preau_gateway_held ${this.#held()}`);
    family('preau_gateway_routes', 'gauge', 'Routes by state.');
    for (const [state, count] of routes) lines.push(`preau_gateway_routes{state="${state}"} ${count}`);
    family('process_resident_memory_bytes', 'gauge', 'Resident memory size.');
    lines.push(`process_resident_memory_bytes ${process.memoryUsage.rss()}`);
    return `${lines.join('\n')}\n`;
  }
}
