import { setTimeout as sleep } from 'node:timers/promises';
import { DBOS } from '@dbos-inc/dbos-sdk';
import { ApiProblem } from '@preau/contract';
import { inSpan } from '@preau/telemetry';
import { DriverError, type Slot, slots } from '../driver/driver.ts';
import { isPassing } from '../passing.ts';
import type { Context, Subject } from './context.ts';
import type { Procedure } from './procedure.ts';
import { Regression, type Step } from './step.ts';
import { otherSlot } from './steps.ts';

const ATTEMPTS = 3;
/** How long an undoing waits for a backend or gateway that is away. */
const UNDO_PATIENCE_MS = 120_000;
const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 5_000;
const MAX_MESSAGE = 2_000;

/** What a workflow is started with; everything else is read when it is needed. */
export interface Assignment {
  operationId: string;
  instanceId: string;
  generation: number;
  /** Milliseconds since 1970; no step is begun or tried again after it. */
  deadline: number;
  /** Of the request that asked for it, where there are traces. */
  traceparent?: string;
}

type Beginning = { kind: 'begun'; slot: Slot } | { kind: 'over' };
/** `over`: somebody else had ended it, or goes on with it on another machine. */
export type Ending = 'succeeded' | 'rolled_back' | 'failed' | 'over';
type Outcome = { ok: true } | { ok: false; reason: string } | { ok: 'elsewhere' };

/** The instance has another machine by now, whose operator begins the operation anew. */
class Elsewhere extends Error {}

/**
 * Carries out an operation step by step. A step that fails after its attempts is followed by the undoing of
 * it and of those before it, latest first; the backend hears of everything as it happens, and so does the
 * customer. Every call in here to DBOS is one durable step: after a crash the workflow goes on behind the
 * last one that finished.
 */
export async function carryOut(
  procedure: Procedure,
  assignment: Assignment,
  context: Context,
): Promise<Ending> {
  const beginning = await durably('begin', () => begin(procedure, assignment, context));
  if (beginning.kind === 'over') return 'over';
  const { slot } = beginning;

  const begun: Step[] = [];
  for (const step of procedure.steps) {
    if (step.since && !(await DBOS.patch(step.since))) continue;
    begun.push(step);
    const outcome = await durably(step.name, () => perform(step, slot, assignment, context));
    if (outcome.ok === 'elsewhere') return 'over';
    if (outcome.ok) continue;
    if (begun.some(({ commits }) => commits)) {
      await durably('finish', () =>
        finish(procedure, assignment, context, { outcome: 'failed', error: outcome.reason }),
      );
      return 'failed';
    }
    for (const former of begun.reverse())
      if (former.undo)
        await durably(`undo ${former.name}`, () => takeBack(former, slot, assignment, context));
    await durably('finish', () =>
      finish(procedure, assignment, context, { outcome: procedure.failure, error: outcome.reason }),
    );
    return procedure.failure;
  }
  await durably('finish', () =>
    finish(procedure, assignment, context, { outcome: 'succeeded', error: null }),
  );
  return 'succeeded';
}

/** One durable step, told in the operation's trace. */
function durably<T>(name: string, work: () => Promise<T>): Promise<T> {
  return DBOS.runStep(() => inSpan(`step ${name}`, {}, work), { name });
}

/** Takes the operation up and chooses its slot. */
async function begin(procedure: Procedure, assignment: Assignment, context: Context): Promise<Beginning> {
  const { backend, driver, transitions } = context;
  const { operationId, instanceId } = assignment;
  // What wakes or goes to sleep does so to its end; nothing more of that begins while the operation is open.
  await transitions.settled(instanceId);
  return untilReached(async (): Promise<Beginning> => {
    try {
      await backend.startOperation({
        params: { operationId },
        body: { steps: procedure.steps.map((step) => step.name) },
      });
    } catch (error) {
      if (error instanceof ApiProblem && error.is('state-forbids', 'not-found')) return { kind: 'over' };
      throw error;
    }
    const { during } = procedure.lifecycle;
    if (during) await backend.observeInstance({ params: { instanceId }, body: { lifecycle: during } });
    const presences = await Promise.all(slots.map((slot) => driver.inspect(instanceId, slot)));
    const running = slots.find((_, at) => presences[at]?.presence === 'running') ?? null;
    const own = running ?? 'blue';
    return { kind: 'begun', slot: procedure.slot === 'fresh' && running ? otherSlot(running) : own };
  });
}

async function perform(step: Step, slot: Slot, assignment: Assignment, context: Context): Promise<Outcome> {
  const { backend, log } = context;
  const { operationId } = assignment;
  /** What the customer sees. A backend that cannot take it until the deadline does not keep the step from its end. */
  const record = async (
    state: 'running' | 'succeeded' | 'failed',
    attempt: number,
    message: string | null,
  ) => {
    const report = { params: { operationId, name: step.name }, body: { state, attempt, message } };
    try {
      await untilReached(() => backend.recordStep(report), assignment.deadline);
    } catch (error) {
      if (!isPassing(error)) throw error;
      log.error(
        { operation: operationId, step: step.name, state, reason: reasonOf(error) },
        'a report was lost',
      );
    }
  };
  for (let attempt = 1; ; attempt++) {
    // Asked for while the beginning is reported: somebody waits for every one of these.
    let asked: Promise<Subject> | undefined = subjectOf(assignment, slot, context);
    const elsewhere = asked.then(
      () => false,
      (error) => error instanceof Elsewhere,
    );
    try {
      await record('running', attempt, null);
    } catch (error) {
      // Another machine may have ended it already.
      if (await elsewhere) return { ok: 'elsewhere' };
      throw error;
    }
    try {
      const found = await untilReached(async () => {
        const early = asked;
        asked = undefined;
        return step.ensure(context, await (early ?? subjectOf(assignment, slot, context)));
      }, assignment.deadline);
      await record('succeeded', attempt, found ?? null);
      return { ok: true };
    } catch (error) {
      if (error instanceof Elsewhere) return { ok: 'elsewhere' };
      const reason = reasonOf(error);
      const last = attempt >= ATTEMPTS || isFinal(error) || Date.now() >= assignment.deadline;
      log.warn({ operation: operationId, step: step.name, attempt, last, reason }, 'a step failed');
      await record(last ? 'failed' : 'running', attempt, reason);
      if (last) return { ok: false, reason: `${step.name}: ${reason}`.slice(0, MAX_MESSAGE) };
      await sleep(pauseOf(attempt));
    }
  }
}

/** Undoes one step. What cannot be undone becomes an incident for staff and does not keep the rest from being undone. */
async function takeBack(step: Step, slot: Slot, assignment: Assignment, context: Context): Promise<void> {
  const { backend, log } = context;
  const { operationId, instanceId } = assignment;
  const patience = Date.now() + UNDO_PATIENCE_MS;
  for (let attempt = 1; ; attempt++) {
    try {
      await step.undo?.(context, await subjectOf(assignment, slot, context));
      await backend.recordStep({
        params: { operationId, name: step.name },
        body: { state: 'compensated', attempt, message: null },
      });
      return;
    } catch (error) {
      if (error instanceof Elsewhere) return;
      log.warn(
        { operation: operationId, step: step.name, attempt, reason: reasonOf(error) },
        'undoing a step failed',
      );
      if (attempt >= ATTEMPTS && (!isPassing(error) || Date.now() >= patience)) {
        await backend
          .reportIncident({
            params: { key: `undo:${operationId}:${step.name}` },
            body: {
              state: 'open',
              instanceId,
              kind: 'compensation',
              severity: 'critical',
              title: `${step.name} could not be undone: ${reasonOf(error)}`.slice(0, 300),
            },
          })
          .catch((failure) => log.error({ failure: String(failure) }, 'the incident could not be reported'));
        return;
      }
      await sleep(pauseOf(attempt));
    }
  }
}

async function finish(
  procedure: Procedure,
  { operationId, instanceId, generation }: Assignment,
  { backend }: Context,
  { outcome, error }: { outcome: 'succeeded' | 'rolled_back' | 'failed'; error: string | null },
): Promise<void> {
  const lifecycle = outcome === 'succeeded' ? procedure.lifecycle.succeeded : procedure.lifecycle.failed;
  await untilReached(async () => {
    await backend.observeInstance({
      params: { instanceId },
      body: { ...(lifecycle && { lifecycle }), observedGeneration: generation },
    });
    await backend.finishOperation({
      params: { operationId },
      body: { outcome, error },
    });
  });
}

/** @throws Elsewhere where the instance is not this machine's any more */
async function subjectOf(
  { instanceId }: Assignment,
  slot: Slot,
  { backend, machine }: Context,
): Promise<Subject> {
  const instance = await backend.getDesiredInstance({ params: { instanceId } });
  if (instance.machine !== machine) throw new Elsewhere();
  return { instance, slot };
}

/**
 * Repeats while the backend or the gateway cannot be reached: their restart is no failure of ours. An
 * outcome must not be lost, so without a deadline it goes on for as long as it takes.
 */
async function untilReached<T>(work: () => Promise<T>, deadline = Number.POSITIVE_INFINITY): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || Date.now() >= deadline) throw error;
      await sleep(pauseOf(attempt));
    }
  }
}

/** Trying again would be refused again. */
function isFinal(error: unknown): boolean {
  return (
    error instanceof DriverError ||
    error instanceof Regression ||
    (error instanceof ApiProblem && !isPassing(error))
  );
}

function pauseOf(attempt: number): number {
  return Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, MAX_MESSAGE);
}
