import { Counter, type Family, Histogram, processFamilies } from '@preau/contract/metrics';
import type { Db } from '../database/db.ts';
import type { ScopedPool } from '../database/pool.ts';

/** What the backend counts of its own work; `families` adds what is true as somebody looks. */
export class Metrics {
  readonly #requests = new Counter('operation', 'status');
  readonly #seconds = new Histogram('identity');
  readonly #denials = new Counter('type', 'fault');
  readonly #process = processFamilies();

  /** @param operation its id, or what is no operation of the contract */
  observe(
    { operation, identity }: { operation: string; identity: string },
    status: number,
    ms: number,
  ): void {
    this.#requests.add({ operation, status: `${Math.floor(status / 100)}xx` });
    this.#seconds.observe({ identity }, ms / 1000);
  }

  /** Somebody tried what they may not, or was not believed. */
  denied(labels: { type: string; fault: string }): void {
    this.#denials.add(labels);
  }

  async families(pool: ScopedPool, platform: Db): Promise<Family[]> {
    const occupancy = pool.occupancy();
    const queues = await platform.query<{ queue: string; length: number; age: number }>(QUEUES);
    const incidents = await platform.query<{ kind: string; severity: string; count: number }>(INCIDENTS);
    const gauge = (name: string, help: string, samples: Family['samples']): Family => ({
      name,
      help,
      type: 'gauge',
      samples,
    });
    return [
      {
        name: 'preau_backend_requests_total',
        help: 'Requests answered, by operation of the contract and class of status.',
        type: 'counter',
        samples: this.#requests.samples(),
      },
      {
        name: 'preau_backend_request_seconds',
        help: 'From the request to the end of the answer, by who may ask.',
        type: 'histogram',
        samples: this.#seconds.samples(),
      },
      {
        name: 'preau_backend_denials_total',
        help: 'Requests refused by who asked or how often, by what they were told and the reason that they were not.',
        type: 'counter',
        samples: this.#denials.samples(),
      },
      gauge(
        'preau_backend_connections',
        'Database connections by role of the database.',
        occupancy.flatMap(({ role, busy, idle }) => [
          { labels: { role, state: 'busy' }, value: busy },
          { labels: { role, state: 'idle' }, value: idle },
        ]),
      ),
      gauge(
        'preau_backend_connections_waited_for',
        'Work that waits for a database connection.',
        occupancy.map(({ role, waiting }) => ({ labels: { role }, value: waiting })),
      ),
      gauge(
        'preau_backend_queue_length',
        'What is due and not done.',
        queues.map(({ queue, length }) => ({ labels: { queue }, value: length })),
      ),
      gauge(
        'preau_backend_queue_age_seconds',
        'Since when the oldest of a queue is due.',
        queues.map(({ queue, age }) => ({ labels: { queue }, value: age })),
      ),
      gauge(
        'preau_incidents_open',
        'Incidents that are open, but for those that an alert opened.',
        incidents.map(({ kind, severity, count }) => ({ labels: { kind, severity }, value: count })),
      ),
      ...this.#process(),
    ];
  }
}

/** An alert's own incident would be an alert again, of which an incident would be made. */
const INCIDENTS = `
SELECT kind, severity::text, count(*)::int AS count FROM incidents
WHERE state = 'open' AND key NOT LIKE 'alert:%' GROUP BY 1, 2 ORDER BY 1, 2`;

const QUEUES = `
SELECT queue, count(due)::int AS length, coalesce(extract(epoch FROM now() - min(due)), 0)::float8 AS age FROM (
  SELECT 'mails' AS queue, NULL::timestamptz AS due UNION ALL SELECT 'inbox', NULL UNION ALL SELECT 'operations', NULL
  UNION ALL SELECT 'mails', due_at FROM mails WHERE state IN ('queued', 'failed') AND due_at <= now()
  UNION ALL SELECT 'inbox', due_at FROM inbox_entries WHERE state = 'pending' AND due_at <= now()
  UNION ALL SELECT 'operations', created_at FROM operations WHERE state IN ('pending', 'running')
) due GROUP BY queue ORDER BY queue`;
