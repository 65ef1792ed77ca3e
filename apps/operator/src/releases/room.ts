import { readMemoryUse } from '../power/memory.ts';

/** What an instance takes while it is compared with its predecessor, rounded up. */
const INSTANCE_BYTES = 160 * 1024 * 1024;
/** What an update never takes: the learners' share of a busy moment. */
const SPARED = 0.1;

/** How many more instances there is memory for. */
export async function readRoom(): Promise<number> {
  const use = await readMemoryUse();
  // One at a time where nothing is known.
  if (!use) return 1;
  return Math.max(0, Math.floor((use.totalBytes * (1 - SPARED) - use.usedBytes) / INSTANCE_BYTES));
}
