import { ApiProblem, ApiUnreachable } from '@preau/contract';
import { GatewayError } from './gateway/control.ts';

/** Whether somebody else is only away for a moment: no failure of what was being done. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ApiUnreachable || error instanceof GatewayError) return true;
  return error instanceof ApiProblem && (error.problem.status >= 500 || error.is('rate-limited'));
}
