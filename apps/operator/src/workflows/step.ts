import type { StepName } from '@preau/contract/platform/instances';
import type { Context, Subject } from './context.ts';

/** One step of an operation: brings a state about, so that doing it twice is doing it once. */
export interface Step {
  name: StepName;
  /** May answer a sentence for staff about what it found. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most answer nothing
  ensure(context: Context, subject: Subject): Promise<string | undefined | void>;
  /** Takes the step back after a later one failed; also called when this step itself failed half-way. */
  undo?(context: Context, subject: Subject): Promise<unknown>;
  /** What this step ends cannot be had again: once it has begun, a failure takes nothing back and is staff's to see. */
  commits?: true;
  /** A step that was put between others later: workflows that had begun before go on without it (`DBOS.patch`). */
  since?: string;
}

/** A step cannot succeed as things are; the message is for staff and says why. */
export class StepFailure extends Error {
  override name = 'StepFailure';
}

/** What this step saw will be no better for looking again. */
export class Regression extends StepFailure {
  override name = 'Regression';
}
