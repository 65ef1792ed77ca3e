import type { Procedure } from './procedure.ts';
import { checkHealth, checkPage, startProcess, stopFormer, swapRoute } from './steps.ts';

/** A fresh process beside the old one, checked, then the route swapped: no request fails. */
export const restart: Procedure = {
  type: 'restart',
  slot: 'fresh',
  steps: [startProcess, checkHealth, checkPage, swapRoute, stopFormer],
  lifecycle: {},
  failure: 'rolled_back',
};
