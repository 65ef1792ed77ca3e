import type { ProblemType } from '@preau/contract';
import type { Logger } from 'pino';
import type { Caller } from './caller.ts';
import { Denial, type Problem } from './problem.ts';

/** What somebody is told who tries what they may not, or more often than they may. */
const TOLD: ReadonlySet<ProblemType> = new Set([
  'not-authenticated',
  'forbidden',
  'support-scope',
  'rate-limited',
  'too-many-attempts',
]);
/** Nobody claims to be anybody: every scanner of the Internet, and every visitor whose session is over. */
const UNCLAIMED: ReadonlySet<string> = new Set(['no-token', 'no-session']);

const WINDOW_MS = 10_000;
/** Lines in a window of one caller about one reason, and of all together: whoever floods us fills no disk. */
const MAX_LINES = { each: 5, all: 200 };

interface Asked {
  operation: string;
  identity: string;
  caller?: Caller;
}

/**
 * Writes refusals of rights and attempts to get round them down as security events: who, what, why, in the process
 * log. Of a flood the first lines are written, and how many were not; the metric counts all.
 */
export class Denials {
  readonly #log: Logger;
  readonly #count: (labels: { type: string; fault: string }) => void;
  #began = 0;
  #lines = new Map<string, number>();
  #written = 0;
  #unwritten = 0;

  constructor(log: Logger, count: (labels: { type: string; fault: string }) => void) {
    this.#log = log;
    this.#count = count;
  }

  /** @param path without its query, as logs may hold it */
  note(
    problem: Problem,
    { operation, identity, caller }: Asked,
    request: { requestId: string; method: string | undefined; path: string },
    now = Date.now(),
  ): void {
    if (!TOLD.has(problem.type)) return;
    const facts = problem instanceof Denial ? problem.facts : undefined;
    const fault = facts?.fault ?? 'refused';
    this.#count({ type: problem.type, fault });
    if (UNCLAIMED.has(fault)) return;
    const by = facts?.by ? { caller: facts.by } : whoIs(facts?.caller ?? caller);
    if (!this.#mayWrite(`${problem.type} ${fault} ${by.caller} ${by.id ?? ''}`, now)) return;
    this.#log.warn(
      { event: 'denied', type: problem.type, fault, operation, identity, ...by, ...request },
      'denied',
    );
  }

  #mayWrite(key: string, now: number): boolean {
    if (now - this.#began >= WINDOW_MS) {
      if (this.#unwritten > 0)
        this.#log.warn({ event: 'denied', unwritten: this.#unwritten }, 'more was denied');
      this.#began = now;
      this.#lines = new Map();
      this.#written = 0;
      this.#unwritten = 0;
    }
    const lines = this.#lines.get(key) ?? 0;
    if (lines >= MAX_LINES.each || this.#written >= MAX_LINES.all) {
      this.#unwritten += 1;
      return false;
    }
    this.#lines.set(key, lines + 1);
    this.#written += 1;
    return true;
  }
}

/** By ids alone: names and addresses are in no process log. */
function whoIs(caller: Caller | undefined): { caller: string; id?: string; tenantId?: string } {
  switch (caller?.kind) {
    case undefined:
    case 'anonymous':
      return { caller: 'anonymous' };
    case 'service':
      return { caller: caller.service };
    case 'account':
      return { caller: 'account', id: caller.account.id };
    case 'staff':
      return { caller: 'staff', id: caller.staff.id };
    case 'instance':
      return { caller: 'instance', id: caller.instanceId, tenantId: caller.tenantId };
    case 'user':
      return {
        caller: caller.support ? 'support' : 'user',
        id: caller.support?.accessId ?? caller.user.id,
        tenantId: caller.tenantId,
      };
  }
}
