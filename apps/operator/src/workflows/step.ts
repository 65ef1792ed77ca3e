import type { StepName } from '@preau/contract/platform/instances';
import type { Context, Subject } from './context.ts';

/** One step of an operation: brings a state about, so that doing it twice is doing it once. */
export interface Step {
  name: StepName;
  ensure(context: Context, subject: Subject): Promise<void>;
  /** Takes the step back after a later one failed; also called when this step itself failed half-way. */
  undo?(context: Context, subject: Subject): Promise<void>;
}

/** A step cannot succeed as things are; the message is for staff and says why. */
export class StepFailure extends Error {
  override name = 'StepFailure';
}
