import type { Procedure } from './procedure.ts';
import { closeRoute, freeSubdomain, purgeData, revokeIdentity, stopProcesses } from './steps.ts';

/** Everything of the tenant goes; a failed deletion is taken up again where it stopped, never taken back. */
export const remove: Procedure = {
  type: 'delete',
  slot: 'own',
  steps: [closeRoute, stopProcesses, revokeIdentity, purgeData, freeSubdomain],
  lifecycle: { during: 'purging', succeeded: 'purged' },
  failure: 'failed',
};
