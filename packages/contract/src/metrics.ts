import { createServer, type Server } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * What every process of the house shows to Prometheus (text format 0.0.4), for server sides only. Names are a promise:
 * alert rules and dashboards live by them (deploy/monitoring).
 */
export interface Family {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'summary' | 'histogram';
  samples: Sample[];
}
interface Sample {
  labels?: Record<string, string>;
  suffix?: '_sum' | '_count' | '_bucket';
  value: number;
}

export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export function prometheusText(families: readonly Family[]): string {
  return families
    .map(({ name, help, type, samples }) => {
      const lines = samples.map(({ labels = {}, suffix = '', value }) => {
        const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
        return `${name}${suffix}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`;
      });
      return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n');
    })
    .join('');
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** Counts by the values of one or more labels. The values must be few: of our own choosing, never a visitor's. */
export class Counter<const Label extends string> {
  readonly #labels: readonly Label[];
  readonly #counts = new Map<string, number>();

  constructor(...labels: Label[]) {
    this.#labels = labels;
  }

  add(values: Record<Label, string>, amount = 1): void {
    const key = this.#labels.map((label) => values[label]).join('\0');
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + amount);
  }

  samples(): Sample[] {
    return [...this.#counts].map(([key, value]) => ({ labels: labelled(this.#labels, key), value }));
  }
}

/** Seconds; upper bounds of what is counted together. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How long things take, by the values of labels. */
export class Histogram<const Label extends string> {
  readonly #labels: readonly Label[];
  readonly #series = new Map<string, { within: number[]; sum: number; count: number }>();

  constructor(...labels: Label[]) {
    this.#labels = labels;
  }

  observe(values: Record<Label, string>, seconds: number): void {
    const key = this.#labels.map((label) => values[label]).join('\0');
    let series = this.#series.get(key);
    if (!series) {
      series = { within: SECONDS.map(() => 0), sum: 0, count: 0 };
      this.#series.set(key, series);
    }
    series.sum += seconds;
    series.count++;
    const first = SECONDS.findIndex((bound) => seconds <= bound);
    if (first >= 0) series.within[first] = (series.within[first] ?? 0) + 1;
  }

  samples(): Sample[] {
    return [...this.#series].flatMap(([key, { within, sum, count }]) => {
      const labels = labelled(this.#labels, key);
      let below = 0;
      return [
        ...SECONDS.map((bound, index): Sample => {
          below += within[index] ?? 0;
          return { labels: { ...labels, le: String(bound) }, suffix: '_bucket', value: below };
        }),
        { labels: { ...labels, le: '+Inf' }, suffix: '_bucket' as const, value: count },
        { labels, suffix: '_sum' as const, value: sum },
        { labels, suffix: '_count' as const, value: count },
      ];
    });
  }
}

function labelled(labels: readonly string[], key: string): Record<string, string> {
  const values = key.split('\0');
  return labels.length === 0
    ? {}
    : Object.fromEntries(labels.map((label, index) => [label, values[index] ?? '']));
}

const NANOSECONDS = 1e9;

/** Memory, processor time and event loop of the process that asks; under the names that exporters share. */
export function processFamilies(): () => Family[] {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const gauge = (name: string, help: string, value: number): Family => ({
    name,
    help,
    type: 'gauge',
    samples: [{ value }],
  });
  return () => {
    const { rss, heapUsed, external } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const lag = delay.percentile(99) / NANOSECONDS;
    delay.reset();
    return [
      gauge('process_resident_memory_bytes', 'Resident memory size.', rss),
      gauge('nodejs_heap_size_used_bytes', 'Heap in use.', heapUsed),
      gauge('nodejs_external_memory_bytes', 'Memory of buffers beside the heap.', external),
      {
        name: 'process_cpu_seconds_total',
        help: 'Processor time used.',
        type: 'counter',
        samples: [{ value: (user + system) / 1e6 }],
      },
      gauge(
        'process_start_time_seconds',
        'When the process started, since 1970.',
        Math.round(Date.now() / 1000 - process.uptime()),
      ),
      gauge(
        'nodejs_eventloop_lag_p99_seconds',
        'How late the event loop came, 99 of 100 times at most, since the last look.',
        Number.isFinite(lag) ? lag : 0,
      ),
    ];
  };
}

/**
 * `GET /metrics` on a listener of its own, which nothing leads to from outside: never on a port that the gateway
 * passes on to.
 */
export function openMetrics(
  { port, host }: { port: number; host: string },
  families: () => Family[] | Promise<Family[]>,
): Server {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics' || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(404).end();
      return;
    }
    Promise.resolve()
      .then(families)
      .then(
        (found) => response.writeHead(200, { 'content-type': PROMETHEUS_TYPE }).end(prometheusText(found)),
        // Prometheus then knows that this look failed, and that the process lives.
        () => response.writeHead(500).end(),
      );
  });
  server.listen(port, host);
  return server;
}
