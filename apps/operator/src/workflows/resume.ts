import type { Procedure } from './procedure.ts';
import {
  checkHealth,
  checkPage,
  closeRoute,
  goLive,
  mintIdentity,
  revokeFormer,
  startProcess,
} from './steps.ts';

/** From suspended back to live; if it fails the platform stays suspended, with its page. */
export const resume: Procedure = {
  type: 'resume',
  slot: 'own',
  steps: [
    mintIdentity,
    startProcess,
    checkHealth,
    checkPage,
    { ...goLive, undo: closeRoute.ensure },
    revokeFormer,
  ],
  lifecycle: { succeeded: 'live', failed: 'suspended' },
  failure: 'rolled_back',
};
