/** CPU time and memory of process trees, from /proc (Linux). */
import { readdirSync, readFileSync } from 'node:fs';

const CLOCK_TICKS_PER_SECOND = 100;

interface Stat {
  pid: number;
  parent: number;
  cpuMs: number;
}

function stats(): Stat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
        const ticks = Number(fields[11]) + Number(fields[12]);
        return [{ pid: Number(name), parent: Number(fields[1]), cpuMs: (ticks * 1000) / CLOCK_TICKS_PER_SECOND }];
      } catch {
        return [];
      }
    });
}

/** The given processes and everything they started. */
export function processesOf(roots: readonly number[]): number[] {
  const all = stats();
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
  return [...found];
}

/** CPU milliseconds that the processes have used so far. */
export function cpuMs(pids: readonly number[]): number {
  const wanted = new Set(pids);
  return stats().reduce((sum, { pid, cpuMs }) => (wanted.has(pid) ? sum + cpuMs : sum), 0);
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
