import type { OperationType } from '@preau/contract/platform/instances';
import type { DesiredInstance } from './context.ts';
import type { Step } from './step.ts';

type Lifecycle = DesiredInstance['lifecycle'];

/** An operation from its first step to its last. */
export interface Procedure {
  type: OperationType;
  steps: readonly Step[];
  /** `own`: the slot that runs, or the first; `fresh`: the one that does not, so that the old process goes on serving. */
  slot: 'own' | 'fresh';
  lifecycle: {
    /** While it runs; undefined leaves it as it is. */
    during?: Lifecycle;
    succeeded?: Lifecycle;
    failed?: Lifecycle;
  };
  /** `rolled_back` where everything is as before after a failure, `failed` where a way out is needed. */
  failure: 'rolled_back' | 'failed';
}
