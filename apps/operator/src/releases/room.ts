import { readMemoryUse } from '../power/memory.ts';

/** What an instance takes while it is compared with its predecessor, rounded up. */
const INSTANCE_BYTES = 160 * 1024 * 1024;
/** What an update never takes: the learners' share of a busy moment. */
const SPARED = 0.1;

/** Memory that more instances may take; room for one where nothing is known. */
export async function readFreeBytes(): Promise<{ freeBytes: number; totalBytes: number }> {
  const use = await readMemoryUse();
  if (!use) return { freeBytes: INSTANCE_BYTES, totalBytes: INSTANCE_BYTES };
  const { totalBytes, usedBytes } = use;
  return { freeBytes: Math.max(0, totalBytes * (1 - SPARED) - usedBytes), totalBytes };
}

/** How many more instances there is memory for. */
export const readRoom = async (): Promise<number> =>
  Math.floor((await readFreeBytes()).freeBytes / INSTANCE_BYTES);
