import type { Procedure } from './procedure.ts';
import {
  checkHealth,
  checkPage,
  goLive,
  mintIdentity,
  restoreData,
  revokeFormer,
  setAside,
  startProcess,
  stopProcesses,
} from './steps.ts';

/**
 * The platform is put aside while its rows are replaced, then started again as it was then. Where nothing was
 * replaced, the reconciler starts it again as it is.
 */
export const restore: Procedure = {
  type: 'restore',
  slot: 'own',
  steps: [
    setAside,
    stopProcesses,
    restoreData,
    mintIdentity,
    startProcess,
    checkHealth,
    checkPage,
    goLive,
    revokeFormer,
  ],
  lifecycle: { succeeded: 'live' },
  failure: 'failed',
};
