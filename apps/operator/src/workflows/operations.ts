import { AsyncLocalStorage } from 'node:async_hooks';
import { DBOS } from '@dbos-inc/dbos-sdk';
import type { OpenOperation, OperationType } from '@preau/contract/platform/instances';
import { inSpan } from '@preau/telemetry';
import type { Context } from './context.ts';
import { remove } from './delete.ts';
import type { Procedure } from './procedure.ts';
import { provision } from './provision.ts';
import { restart } from './restart.ts';
import { restore } from './restore.ts';
import { resume } from './resume.ts';
import { rotate } from './rotate.ts';
import { type Assignment, carryOut } from './saga.ts';
import { suspend } from './suspend.ts';
import { trial } from './trial.ts';
import { update } from './update.ts';

const procedures: Record<OperationType, Procedure> = {
  provision,
  suspend,
  resume,
  restart,
  delete: remove,
  update,
  rotate,
  restore,
  trial,
};

export interface Operations {
  /** Starts the workflow of an open operation, unless it runs or ran already. */
  start(operation: OpenOperation): Promise<void>;
  /** Workflows that this process is executing. */
  readonly running: number;
  /** How many ended how, by `type outcome`. */
  readonly outcomes: Map<string, number>;
  /** Durations of finished workflows in seconds, by type. */
  readonly durations: Map<OperationType, { count: number; seconds: number }>;
}

/**
 * Registers the workflow of each operation; call it before the engine starts.
 * @param ended called when a workflow ended
 */
export function registerOperations(context: Context, ended: () => void): Operations {
  // A hint may come from within a workflow (its end, the exit of a process it started). A workflow that is
  // started there would be its child to DBOS.
  const outside = AsyncLocalStorage.snapshot();
  let running = 0;
  const durations: Operations['durations'] = new Map();
  const outcomes: Operations['outcomes'] = new Map();
  const workflows = Object.values(procedures).map((procedure) => {
    const workflow = async (assignment: Assignment) => {
      const begun = performance.now();
      running++;
      let outcome = 'interrupted';
      try {
        outcome = await inSpan(
          `operation ${procedure.type}`,
          {
            parent: assignment.traceparent,
            attributes: {
              'preau.operation.id': assignment.operationId,
              'preau.instance.id': assignment.instanceId,
            },
          },
          () => carryOut(procedure, assignment, context),
        );
      } finally {
        running--;
        const total = durations.get(procedure.type) ?? { count: 0, seconds: 0 };
        const seconds = (performance.now() - begun) / 1000;
        durations.set(procedure.type, { count: total.count + 1, seconds: total.seconds + seconds });
        const key = `${procedure.type} ${outcome}`;
        outcomes.set(key, (outcomes.get(key) ?? 0) + 1);
        context.log.info({ ...assignment, type: procedure.type, outcome, seconds }, 'a workflow ended');
        ended();
      }
    };
    return [procedure.type, DBOS.registerWorkflow(workflow, { name: procedure.type })] as const;
  });
  const workflowOf = new Map(workflows);

  async function start({
    id,
    instanceId,
    type,
    generation,
    deadline,
    traceparent,
    beginning,
  }: OpenOperation): Promise<void> {
    const workflow = workflowOf.get(type);
    if (!workflow) throw new Error(`No workflow is known for ${type}.`);
    const first = `${instanceId}:${type}:${generation}`;
    const workflowID = beginning === 1 ? first : `${first}:${beginning}`;
    const status = await DBOS.getWorkflowStatus(workflowID);
    if (!status) {
      await DBOS.startWorkflow(workflow, { workflowID })({
        operationId: id,
        instanceId,
        generation,
        deadline: Date.parse(deadline),
        ...(traceparent ? { traceparent } : {}),
      });
      return;
    }
    if (status.status === 'ENQUEUED' || status.status === 'PENDING' || status.status === 'DELAYED') return;
    const { openOperation } = await context.backend.getDesiredInstance({ params: { instanceId } });
    if (openOperation?.id !== id) return;
    // It ended without telling the backend: a defect of ours. The operation must not stay open for ever.
    const error = status.error instanceof Error ? status.error.message : `workflow ${status.status}`;
    context.log.error(
      { workflowID, status: status.status, error },
      'a workflow ended and its operation is open',
    );
    await context.backend.finishOperation({
      params: { operationId: id },
      body: { outcome: 'failed', error: error.slice(0, 2000) },
    });
  }

  return {
    get running() {
      return running;
    },
    durations,
    outcomes,
    start: (operation) => outside(() => start(operation)),
  };
}
