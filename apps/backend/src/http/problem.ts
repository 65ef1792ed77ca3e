import { type FieldError, type ProblemParams, type ProblemType, problems } from '@preau/contract';

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

/** Refuses. `params` fill the problem's text, `errors` name fields. */
export function refuse(type: ProblemType, params?: ProblemParams, errors?: FieldError[]): never {
  throw new Problem(type, params, errors);
}

/** The value, or a refusal where there is none; `not-found` where nothing else is said. */
export function found<T>(value: T | null | undefined, type: ProblemType = 'not-found'): T {
  return value ?? refuse(type);
}
