import { checkPages, compare } from './compare.ts';
import type { Procedure } from './procedure.ts';
import { restart } from './restart.ts';
import { checkPage, swapRoute } from './steps.ts';

/** A restart with what the instance should run now, looked at more closely before and after visitors come to it. */
export const update: Procedure = {
  ...restart,
  type: 'update',
  steps: restart.steps.flatMap((step) =>
    step === checkPage ? [checkPages] : step === swapRoute ? [swapRoute, compare] : [step],
  ),
};
