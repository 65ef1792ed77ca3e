import type { Procedure } from './procedure.ts';
import {
  checkHealth,
  checkPage,
  mintIdentity,
  revokeFormer,
  startProcess,
  stopFormer,
  swapRoute,
} from './steps.ts';

/**
 * A fresh process with a fresh key beside the old one, checked, then the route swapped: no request fails. Both keys
 * are valid until the old process has finished what it had begun.
 */
export const restart: Procedure = {
  type: 'restart',
  slot: 'fresh',
  steps: [mintIdentity, startProcess, checkHealth, checkPage, swapRoute, stopFormer, revokeFormer],
  lifecycle: {},
  failure: 'rolled_back',
};
