import { readdir, writeFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';

/*
 * Only root may take a process's low priority back, so elsewhere it keeps the ordinary one. The kernel may weigh
 * sessions before it weighs processes (autogroup, sched(7)): both are told.
 */
const mayHurry = process.platform === 'linux' && process.getuid?.() === 0;

/**
 * Lets other processes go first: where they want all of the processor, a tenth is left. Called before the process
 * makes threads, which inherit it.
 */
export async function yieldToOthers(pid: number): Promise<void> {
  if (mayHurry) await weigh(pid, [pid], constants.priority.PRIORITY_BELOW_NORMAL);
}

/** Takes it back, for each thread. */
export async function hurry(pid: number): Promise<void> {
  if (!mayHurry) return;
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  await weigh(pid, threads.map(Number), constants.priority.PRIORITY_NORMAL);
}

async function weigh(pid: number, threads: number[], priority: number): Promise<void> {
  await writeFile(`/proc/${pid}/autogroup`, String(priority)).catch(() => undefined);
  for (const thread of threads) {
    try {
      setPriority(thread, priority);
    } catch {
      // It has just ended.
    }
  }
}
