import type { Procedure } from './procedure.ts';
import { closeRoute, stopProcesses } from './steps.ts';

/** Visitors see that the platform is suspended; its data stays. */
export const suspend: Procedure = {
  type: 'suspend',
  slot: 'own',
  steps: [closeRoute, stopProcesses],
  lifecycle: { succeeded: 'suspended' },
  failure: 'failed',
};
