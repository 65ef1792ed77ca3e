import { checkPages } from './compare.ts';
import type { Procedure } from './procedure.ts';
import type { Step } from './step.ts';
import { checkHealth, mintIdentity, startProcess } from './steps.ts';

/** The process was there to be looked at only: it ends as it would have after a failure. */
const endTrial: Step = {
  name: 'stop-process',
  async ensure(context, subject) {
    await startProcess.undo?.(context, subject);
    await mintIdentity.undo?.(context, subject);
  },
};

/**
 * Tries a release on an instance that sleeps: its process, with its identity and its data, without its route. Somebody
 * may have woken the instance meanwhile; then that process goes on serving in the other slot.
 */
export const trial: Procedure = {
  type: 'trial',
  slot: 'fresh',
  steps: [mintIdentity, startProcess, checkHealth, checkPages, endTrial],
  lifecycle: {},
  failure: 'rolled_back',
};
