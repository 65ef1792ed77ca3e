import type { Family } from '@preau/contract/metrics';

/** What a process of an instance was seen to use, and what was asked of it since the gateway counts. */
export interface InstanceReading {
  /** Its subdomain. */
  tenant: string;
  memoryBytes: number;
  memoryLimitBytes: number;
  /** Since its process started. */
  cpuSeconds: number;
  crashes: number;
  requests: number;
  serverErrors: number;
}

/** As many platforms have series of their own in Prometheus; beyond it, those with the most memory. */
const SHOWN = 500;

/** Awake instances by tenant, as they were at the last full minute. What sleeps has no series. */
export function instanceFamilies(awake: readonly InstanceReading[]): Family[] {
  const shown = awake.toSorted((a, b) => b.memoryBytes - a.memoryBytes).slice(0, SHOWN);
  const by = (value: (reading: InstanceReading) => number) =>
    shown.map((reading) => ({ labels: { tenant: reading.tenant }, value: value(reading) }));
  return [
    {
      name: 'preau_instance_memory_bytes',
      help: 'Memory of an awake instance',
      type: 'gauge',
      samples: by(({ memoryBytes }) => memoryBytes),
    },
    {
      name: 'preau_instance_memory_limit_bytes',
      help: 'What its plan lets it grow to',
      type: 'gauge',
      samples: by(({ memoryLimitBytes }) => memoryLimitBytes),
    },
    {
      name: 'preau_instance_cpu_seconds_total',
      help: 'Processor time of the process that runs',
      type: 'counter',
      samples: by(({ cpuSeconds }) => cpuSeconds),
    },
    {
      name: 'preau_instance_crashes_total',
      help: 'Ends that nobody asked for, since the instance was last brought about',
      type: 'counter',
      samples: by(({ crashes }) => crashes),
    },
    {
      name: 'preau_instance_requests_total',
      help: 'Requests to it, since the gateway started',
      type: 'counter',
      samples: by(({ requests }) => requests),
    },
    {
      name: 'preau_instance_server_errors_total',
      help: 'Answers of 500 and more among them',
      type: 'counter',
      samples: by(({ serverErrors }) => serverErrors),
    },
    {
      name: 'preau_instances_without_series',
      help: 'Awake instances beyond those that are shown by tenant',
      type: 'gauge',
      samples: [{ value: awake.length - shown.length }],
    },
  ];
}
