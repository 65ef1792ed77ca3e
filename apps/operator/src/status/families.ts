import type { Family } from '@preau/contract/metrics';
import type { BillingWorker } from '../billing/apply.ts';
import type { StandbyCensus } from '../driver/driver.ts';
import { instanceFamilies } from '../metering/instanceFamilies.ts';
import type { Meter } from '../metering/meter.ts';
import type { Waker } from '../power/wake.ts';
import type { Reconciler } from '../reconcile.ts';
import type { RolloutWorker } from '../releases/rollout.ts';
import type { Rounds } from '../synthetic/rounds.ts';
import type { Operations } from '../workflows/operations.ts';

/** What `/metrics` shows. */
export function familiesOf({
  reconciler,
  waker,
  operations,
  billing,
  meter,
  rollouts,
  rounds,
  listening,
  standbys,
}: {
  reconciler: Pick<Reconciler, 'census'>;
  waker: Pick<Waker, 'outcomes' | 'durations'>;
  operations: Pick<Operations, 'running' | 'durations' | 'outcomes'>;
  billing: Pick<BillingWorker, 'settled'>;
  meter: Pick<Meter, 'waiting' | 'awake'>;
  rollouts: Pick<RolloutWorker, 'begun'>;
  rounds: Pick<Rounds, 'outcomes' | 'took'>;
  listening: boolean;
  standbys: StandbyCensus | undefined;
}): Family[] {
  return [
    ...(['lifecycle', 'power', 'health'] as const).map((axis) => ({
      name: `preau_instances_${axis}`,
      help: `Instances by ${axis}`,
      type: 'gauge' as const,
      samples: [...reconciler.census[axis]].map(([state, value]) => ({ labels: { state }, value })),
    })),
    {
      name: 'preau_wakes_total',
      help: 'Sleeping instances that were asked for, by what came of it',
      type: 'counter',
      samples: [...waker.outcomes].map(([outcome, value]) => ({ labels: { outcome }, value })),
    },
    {
      name: 'preau_wake_seconds',
      help: 'From the question for a sleeping instance to its open route',
      type: 'summary',
      samples: [
        { suffix: '_sum', value: waker.durations.seconds },
        { suffix: '_count', value: waker.durations.count },
      ],
    },
    {
      name: 'preau_operations_running',
      help: 'Workflows this operator is carrying out',
      type: 'gauge',
      samples: [{ value: operations.running }],
    },
    {
      name: 'preau_operation_seconds',
      help: 'Duration of operations',
      type: 'summary',
      samples: [...operations.durations].flatMap(([type, { count, seconds }]) => [
        { labels: { type }, suffix: '_sum' as const, value: seconds },
        { labels: { type }, suffix: '_count' as const, value: count },
      ]),
    },
    {
      name: 'preau_operations_ended_total',
      help: 'Operations that ended, by type and outcome',
      type: 'counter',
      samples: [...operations.outcomes].map(([key, value]) => {
        const [type = '', outcome = ''] = key.split(' ');
        return { labels: { type, outcome }, value };
      }),
    },
    {
      name: 'preau_inbox_settled_total',
      help: 'Payment events looked at, by outcome',
      type: 'counter',
      samples: [...billing.settled].map(([outcome, value]) => ({ labels: { outcome }, value })),
    },
    {
      name: 'preau_meter_minutes_waiting',
      help: 'Metered minutes that the backend could not take yet',
      type: 'gauge',
      samples: [{ value: meter.waiting }],
    },
    {
      name: 'preau_rollout_updates_begun_total',
      help: 'Updates that roll-outs began',
      type: 'counter',
      samples: [{ value: rollouts.begun }],
    },
    {
      name: 'preau_synthetic_customers_total',
      help: 'Synthetic customers that were sent, by whether they got through',
      type: 'counter',
      samples: [...rounds.outcomes].map(([outcome, value]) => ({ labels: { outcome }, value })),
    },
    {
      name: 'preau_synthetic_station_seconds',
      help: 'What each station of the last synthetic customer who got through took',
      type: 'gauge',
      samples: [...rounds.took].map(([station, value]) => ({ labels: { station }, value })),
    },
    {
      name: 'preau_operator_listening',
      help: '1 while the database notifies of new work',
      type: 'gauge',
      samples: [{ value: listening ? 1 : 0 }],
    },
    ...instanceFamilies(meter.awake),
    ...(standbys ? standbyFamilies(standbys) : []),
  ];
}

function standbyFamilies({
  free,
  wanted,
  claimed,
  cold,
  failed,
  refills,
  refillSeconds,
}: StandbyCensus): Family[] {
  return [
    {
      name: 'preau_standbys_free',
      help: 'Processes that are warmed up for nobody and can be claimed',
      type: 'gauge',
      samples: [{ value: free }],
    },
    {
      name: 'preau_standbys_wanted',
      help: 'How many of them recent starts ask for and memory allows',
      type: 'gauge',
      samples: [{ value: wanted }],
    },
    {
      name: 'preau_starts_total',
      help: 'Starts of instances, by whether a standby was claimed',
      type: 'counter',
      samples: [
        { labels: { way: 'claimed' }, value: claimed },
        { labels: { way: 'cold' }, value: cold },
      ],
    },
    {
      name: 'preau_standby_refill_seconds',
      help: 'Time until a standby was ready',
      type: 'summary',
      samples: [
        { suffix: '_sum', value: refillSeconds },
        { suffix: '_count', value: refills },
      ],
    },
    {
      name: 'preau_standbys_failed_total',
      help: 'Standbys that did not warm up',
      type: 'counter',
      samples: [{ value: failed }],
    },
  ];
}
