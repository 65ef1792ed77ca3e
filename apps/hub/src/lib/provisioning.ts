import type { Instance, OperationStep, StepName } from '@preau/contract/platform/instances';
import type { Order } from '@preau/contract/platform/orders';

/** What the customer sees of an order on its way to a platform. */
export type Progress = {
  phase: 'waiting' | 'building' | 'live' | 'failed' | 'suspended' | 'expired' | 'cancelled';
  steps: Pick<OperationStep, 'name' | 'state'>[];
  instanceId: string | null;
  url: string | null;
  /** From the first step to being live. */
  seconds: number | null;
  /** What to quote to support: the operation's id. */
  reference: string | null;
};

/** The steps of a provisioning before its operation names them, so that nothing moves when it does. */
const expected: StepName[] = [
  'claim-subdomain',
  'create-tenant',
  'create-administrator',
  'mint-identity',
  'start-process',
  'route',
  'check-health',
  'check-page',
  'go-live',
  'send-welcome',
];

/** @param instance null while there is none, that is until the payment is confirmed */
export function progressOf(order: Order, instance: Instance | null): Progress {
  const operation = instance?.operation?.type === 'provision' ? instance.operation : null;
  const steps = operation?.steps.length
    ? operation.steps.map(({ name, state }) => ({ name, state }))
    : expected.map((name) => ({ name, state: 'pending' as const }));
  return {
    phase: phaseOf(order, instance),
    steps,
    instanceId: instance?.id ?? null,
    url: instance?.url ?? null,
    seconds: secondsOf(instance),
    reference: operation?.id ?? null,
  };
}

/** Nothing changes by itself any more: the stream may end. */
export function isSettled({ phase, steps }: Progress): boolean {
  if (phase === 'live') return steps.every(({ state }) => state === 'succeeded');
  return phase === 'failed' || phase === 'suspended' || phase === 'expired' || phase === 'cancelled';
}

function phaseOf(order: Order, instance: Instance | null): Progress['phase'] {
  if (!instance) {
    if (order.state === 'expired' || order.state === 'cancelled') return order.state;
    return order.state === 'paid' ? 'building' : 'waiting';
  }
  switch (instance.lifecycle) {
    case 'live':
      return 'live';
    case 'provision_failed':
      // A retry that has begun counts more than the failure before it.
      return isOpen(instance) ? 'building' : 'failed';
    case 'requested':
    case 'provisioning':
      return instance.operation && !isOpen(instance) && instance.operation.state !== 'succeeded'
        ? 'failed'
        : 'building';
    case 'suspended':
    case 'archived':
      return 'suspended';
    case 'purging':
    case 'purged':
      return 'cancelled';
  }
}

function isOpen({ operation }: Instance): boolean {
  return operation?.type === 'provision' && (operation.state === 'pending' || operation.state === 'running');
}

function secondsOf(instance: Instance | null): number | null {
  if (instance?.operation?.type !== 'provision' || !instance.liveSince) return null;
  const milliseconds = Date.parse(instance.liveSince) - Date.parse(instance.operation.createdAt);
  return milliseconds > 0 ? Math.round(milliseconds / 100) / 10 : null;
}
