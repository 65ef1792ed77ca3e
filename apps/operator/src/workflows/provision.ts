import type { Procedure } from './procedure.ts';
import {
  checkHealth,
  checkPage,
  claimSubdomain,
  createAdministrator,
  createTenant,
  goLive,
  mintIdentity,
  routeStarting,
  sendWelcome,
  startProcess,
} from './steps.ts';

/** From a paid order to a platform that answers. */
export const provision: Procedure = {
  type: 'provision',
  slot: 'own',
  steps: [
    claimSubdomain,
    createTenant,
    createAdministrator,
    mintIdentity,
    startProcess,
    routeStarting,
    checkHealth,
    checkPage,
    goLive,
    sendWelcome,
  ],
  lifecycle: { during: 'provisioning', succeeded: 'live', failed: 'provision_failed' },
  failure: 'failed',
};
