import { request } from 'node:http';
import { type WakeAnswer, wakeAnswer } from '@preau/contract/wake';
import { traceHeaders } from '@preau/telemetry';
import type { Logger } from 'pino';
import type { RouteTable } from './routes.ts';

/** After the operator was away, or could not, it is asked again by whoever still waits. */
const ASK_AGAIN_MILLISECONDS = 250;
/** An operator that is asked waits until it is the platform's turn; silence for longer than a storm takes is a fault. */
const ANSWER_MILLISECONDS = 5 * 60_000;
const MAX_ANSWER_BYTES = 4 * 1024;

/**
 * Requests that wait for platforms to wake. One question to the operator at a time for each platform, however many
 * wait; they go on as soon as the route is another one, which the operator puts before it answers.
 */
export class Wakes {
  readonly #operator: string | undefined;
  readonly #routes: RouteTable;
  readonly #log: Logger;
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #asking = new Set<string>();
  /** Until when a platform that did not start is not asked for again. */
  readonly #pauses = new Map<string, number>();

  /** @param operator path of the control socket of who is asked where a route names nobody; without one none of those wakes */
  constructor(operator: string | undefined, routes: RouteTable, log: Logger) {
    this.#operator = operator;
    this.#routes = routes;
    this.#log = log;
    routes.onChange((host) => this.#tell(host));
  }

  /** Requests that are being held. */
  get held(): number {
    let sum = 0;
    for (const { size } of this.#waiting.values()) sum += size;
    return sum;
  }

  /** How long a platform that did not start is left alone; undefined where it may be asked for. */
  pause(host: string): number | undefined {
    const left = (this.#pauses.get(host) ?? 0) - Date.now();
    if (left > 0) return Math.ceil(left / 1_000);
    this.#pauses.delete(host);
    return undefined;
  }

  /**
   * Wakes a sleeping platform. Resolves when it sleeps no longer, did not start, the time is over or `gone` says that
   * nobody waits any more: look at the route then.
   */
  hold(host: string, milliseconds: number, gone: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(host) ?? new Set();
      const end = () => {
        clearTimeout(limit);
        gone.removeEventListener('abort', end);
        waiting.delete(check);
        if (waiting.size === 0) this.#waiting.delete(host);
        resolve();
      };
      const limit = setTimeout(end, milliseconds);
      const check = () => {
        const sleeps = this.#routes.get(host)?.state === 'sleeping';
        if (!sleeps || this.#operatorOf(host) === undefined || this.pause(host) !== undefined) return end();
        this.#ask(host);
      };
      gone.addEventListener('abort', end);
      this.#waiting.set(host, waiting.add(check));
      if (gone.aborted) end();
      else check();
    });
  }

  /** Of the machine that has the platform: its operator has put the route. */
  #operatorOf(host: string): string | undefined {
    return this.#routes.get(host)?.operator ?? this.#operator;
  }

  #tell(host: string): void {
    for (const check of [...(this.#waiting.get(host) ?? [])]) check();
  }

  #ask(host: string): void {
    const operator = this.#operatorOf(host);
    if (operator === undefined || this.#asking.has(host)) return;
    this.#asking.add(host);
    const done = () => {
      this.#asking.delete(host);
      this.#tell(host);
    };
    wake(operator, host).then(
      (answer) => {
        if (answer.state === 'failed') {
          this.#pauses.set(host, Date.now() + answer.retryAfterSeconds * 1_000);
          this.#log.warn({ host }, 'a platform did not wake');
        }
        if (answer.state === 'later') setTimeout(done, ASK_AGAIN_MILLISECONDS);
        else done();
      },
      (error: unknown) => {
        this.#log.warn({ host, error: String(error) }, 'the operator did not answer');
        setTimeout(done, ASK_AGAIN_MILLISECONDS);
      },
    );
  }
}

function wake(socketPath: string, host: string): Promise<WakeAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        socketPath,
        method: 'POST',
        path: `/wakes/${encodeURIComponent(host)}`,
        agent: false,
        headers: traceHeaders(),
        timeout: ANSWER_MILLISECONDS,
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (part: string) => {
          text += part;
          if (text.length > MAX_ANSWER_BYTES) answer.destroy(new Error('too long an answer'));
        });
        answer.on('error', reject);
        answer.on('end', () => {
          try {
            resolve(wakeAnswer.parse(JSON.parse(text)));
          } catch (error) {
            reject(error);
          }
        });
      },
    );
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', reject);
    asked.end();
  });
}
