import type { StepName } from '@preau/contract/platform/instances';
import type { Context, Subject } from './context.ts';

/** One step of an operation: brings a state about, so that doing it twice is doing it once. */
export interface Step {
  name: StepName;
  ensure(context: Context, subject: Subject): Promise<void>;
  /** Takes the step back after a later one failed; also called when this step itself failed half-way. */
  undo?(context: Context, subject: Subject): Promise<void>;
  /** What this step ends cannot be had again: once it has begun, a failure takes nothing back and is staff's to see. */
  commits?: true;
}

/** A step cannot succeed as things are; the message is for staff and says why. */
export class StepFailure extends Error {
  override name = 'StepFailure';
}
