import { type FieldError, type ProblemParams, type ProblemType, problems } from '@preau/contract';
import type { TokenFault } from '@preau/identity';
import type { Caller } from './caller.ts';

/** A refusal that the caller is told: thrown by handlers, answered as RFC 9457 problem details. */
export class Problem extends Error {
  override name = 'Problem';
  readonly type: ProblemType;
  readonly params: ProblemParams;
  readonly errors: FieldError[] | undefined;

  constructor(type: ProblemType, params: ProblemParams = {}, errors?: FieldError[]) {
    super(type);
    this.type = type;
    this.params = params;
    this.errors = errors;
  }

  get status(): number {
    return problems[this.type].status;
  }
}

/** Why somebody is not believed, or may not. Few values of our own choosing: they are a label of a metric. */
export type DenialFault =
  | TokenFault
  | 'no-token'
  | 'repeated'
  | 'no-session'
  | 'session'
  | 'identity'
  | 'permission';

interface DenialFacts {
  fault: DenialFault;
  /** The process whose token was believed, where nobody further is known. */
  by?: string;
  caller?: Caller;
}

/** A refusal by who the caller is. What is known of them and of the reason is for the log; the answer never tells. */
export class Denial extends Problem {
  readonly facts: DenialFacts;

  constructor(type: 'not-authenticated' | 'forbidden', facts: DenialFacts) {
    super(type);
    this.facts = facts;
  }
}

/** Refuses. `params` fill the problem's text, `errors` name fields. */
export function refuse(type: ProblemType, params?: ProblemParams, errors?: FieldError[]): never {
  throw new Problem(type, params, errors);
}

/** The value, or a refusal where there is none; `not-found` where nothing else is said. */
export function found<T>(value: T | null | undefined, type: ProblemType = 'not-found'): T {
  return value ?? refuse(type);
}
