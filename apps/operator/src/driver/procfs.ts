import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CLOCK_TICKS_PER_SECOND = 100;

/**
 * What tells a process from a later one with the same id: the kernel's boot and its start in ticks
 * (Linux), or its start as `ps` prints it. Undefined when no such process lives.
 */
export async function processBirth(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') {
    try {
      return (await run('ps', ['-o', 'lstart=', '-p', String(pid)])).stdout.trim() || undefined;
    } catch {
      return undefined;
    }
  }
  const fields = statFields(pid);
  // A zombie holds nothing any more: it only waits for its parent.
  if (!fields || fields[0] === 'Z' || fields[0] === 'X') return undefined;
  boot ??= readFile('/proc/sys/kernel/random/boot_id', 'utf8');
  return `${(await boot).trim()}/${fields[19]}`;
}

/** The kernel's boot: the same for as long as this process lives. */
let boot: Promise<string> | undefined;

/** Fields of /proc/<pid>/stat from the third (state) on: the second may itself hold spaces and brackets. */
function statFields(pid: number): string[] | undefined {
  try {
    // The kernel answers from memory: another thread would cost more than the question.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** Memory (PSS, bytes) and processor time (seconds) of a process; null where the system does not tell. */
export async function processStats(pid: number): Promise<{ memoryBytes: number; cpuSeconds: number } | null> {
  const fields = statFields(pid);
  if (!fields) return null;
  const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
  try {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
    const pss = /^Pss:\s+(\d+) kB/m.exec(rollup)?.[1];
    return { memoryBytes: Number(pss ?? 0) * 1024, cpuSeconds };
  } catch {
    return { memoryBytes: Number(fields[21]) * 4096, cpuSeconds };
  }
}

/**
 * Processes whose environment has this variable with this value. It finds a child that was started just
 * before the operator was killed and whose id was therefore never written down.
 */
export async function processesWith(variable: string, value: string): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const wanted = `${variable}=${value}`;
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    try {
      if ((await readFile(`/proc/${name}/environ`, 'utf8')).split('\0').includes(wanted))
        found.push(Number(name));
    } catch {
      // Another user's process, or one that has just ended.
    }
  }
  return found;
}
