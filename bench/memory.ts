/** Memory of the platform by process, as proportional set size. */
import { ownDatabases, processesOf, pssMiB, titleOf } from './processes.ts';
import type { Site } from './site.ts';

export interface Memory {
  /** MiB by process, in order; instances come last. */
  processes: { name: string; mebibytes: number }[];
  total: number;
  /** The demonstration platform's instance. */
  instance: number;
}

/** Processes that an operator has started for nobody. */
export const standbyPids = (operator: number): number[] =>
  processesOf([operator]).filter((pid) => titleOf(pid).startsWith('preau standby'));

/** Measures while only the demonstration platform runs: its instance is then the only one. */
export function measureMemory({ platform: { services } }: Site): Memory {
  const known = ['gateway', 'hub', 'backend', 'operator', 'sandbox', 'status'].map((name) => ({
    name,
    pid: services.pid(name),
  }));
  const operator = services.pid('operator');
  const started = operator === undefined ? [] : processesOf([operator]).filter((pid) => pid !== operator);
  const standbys = operator === undefined ? [] : standbyPids(operator);
  const instance = pssMiB(started.filter((pid) => !standbys.includes(pid)));
  const processes = [
    ...known.map(({ name, pid }) => ({
      name,
      mebibytes: pid === undefined ? 0 : pssMiB(name === 'operator' ? [pid] : processesOf([pid])),
    })),
    { name: 'postgres', mebibytes: pssMiB(processesOf(ownDatabases())) },
    { name: 'standbys', mebibytes: pssMiB(standbys) },
    { name: 'instance', mebibytes: instance },
  ];
  return { processes, total: processes.reduce((sum, { mebibytes }) => sum + mebibytes, 0), instance };
}
