/** CPU time and memory of process trees, from /proc (Linux). */
import { readdirSync, readFileSync } from 'node:fs';

const MS_PER_TICK = 10;

interface Stat {
  pid: number;
  parent: number;
  name: string;
  /** Its own, and that of children it has waited for: a database session that ended is not forgotten. */
  cpuMs: number;
}

function stats(): Stat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const text = readFileSync(`/proc/${name}/stat`, 'utf8');
        const end = text.lastIndexOf(')');
        const fields = text.slice(end + 2).split(' ');
        const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
        return [
          {
            pid: Number(name),
            parent: Number(fields[1]),
            name: text.slice(text.indexOf('(') + 1, end),
            cpuMs: ticks * MS_PER_TICK,
          },
        ];
      } catch {
        return [];
      }
    });
}

/** The given processes and everything they started. */
function treeOf(all: readonly Stat[], roots: readonly number[]): Set<number> {
  const found = new Set(roots);
  for (let grew = true; grew; ) {
    grew = false;
    for (const { pid, parent } of all) {
      if (found.has(parent) && !found.has(pid)) {
        found.add(pid);
        grew = true;
      }
    }
  }
  return found;
}

/** The given processes and everything they started. */
export function processesOf(roots: readonly number[]): number[] {
  return [...treeOf(stats(), roots)];
}

/** Database servers that this process started; their sessions are their children. */
export function ownDatabases(): number[] {
  return stats()
    .filter(({ parent, name }) => parent === process.pid && name === 'postgres')
    .map(({ pid }) => pid);
}

/** CPU milliseconds used so far. */
export interface Usage {
  /** The measured processes together. */
  measured: number;
  /** The same, by the names they were given. */
  byName: Record<string, number>;
  /** This process: the load generator. */
  self: number;
  /** All programs of the machine. */
  busy: number;
  /** What the machine had to give. */
  total: number;
}

/** Of named process trees; a tree inside another counts for itself alone. */
export function usageOf(roots: Readonly<Record<string, readonly number[]>>): Usage {
  const all = stats();
  const nameOf = new Map(Object.entries(roots).flatMap(([name, pids]) => pids.map((pid) => [pid, name])));
  const parentOf = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const byName: Record<string, number> = {};
  for (const { pid, cpuMs } of all) {
    let ancestor: number | undefined = pid;
    while (ancestor !== undefined && !nameOf.has(ancestor)) ancestor = parentOf.get(ancestor);
    const name = ancestor === undefined ? undefined : nameOf.get(ancestor);
    if (name !== undefined) byName[name] = (byName[name] ?? 0) + cpuMs;
  }
  const { user, system } = process.cpuUsage();
  const [idle, total] = machine();
  return {
    measured: Object.values(byName).reduce((sum, ms) => sum + ms, 0),
    byName,
    self: (user + system) / 1_000,
    busy: total - idle,
    total,
  };
}

/** The children of a process. */
export function childrenOf(parent: number): number[] {
  return stats()
    .filter((one) => one.parent === parent)
    .map(({ pid }) => pid);
}

function machine(): [idle: number, total: number] {
  const line = readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '';
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const sum = ticks.reduce((one, other) => one + other, 0);
  return [((ticks[3] ?? 0) + (ticks[4] ?? 0)) * MS_PER_TICK, sum * MS_PER_TICK];
}

/** The share of the machine's CPUs that neither the measured processes nor this one used between two moments. */
export function foreignShare(before: Usage, after: Usage): number {
  const spent = (key: Exclude<keyof Usage, 'byName'>) => after[key] - before[key];
  return Math.max(0, spent('busy') - spent('measured') - spent('self')) / spent('total');
}

/** How a process was started, or calls itself. */
export function titleOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** The process that calls itself so. */
export function processTitled(title: string): number | undefined {
  return stats().find(({ pid }) => titleOf(pid).trim() === title)?.pid;
}

/** Proportional set size in MiB: shared pages are divided among those who share them. */
export function pssMiB(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    try {
      const kib = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
      return sum + Number(kib ?? 0) / 1024;
    } catch {
      return sum;
    }
  }, 0);
}
