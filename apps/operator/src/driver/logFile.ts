import { copyFile, open, rename, stat, truncate } from 'node:fs/promises';
import { isMissing } from '../files.ts';

const MAX_BYTES = 5 * 1024 * 1024;
const KEPT = 3;
const TAIL_BYTES = 256 * 1024;

/**
 * Rotates a log that a process keeps open for appending: copy, then empty the original in place. What is
 * written between the two is lost; a process that has to reopen its log would need to know about us.
 */
export async function rotate(path: string): Promise<void> {
  try {
    if ((await stat(path)).size < MAX_BYTES) return;
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  for (let n = KEPT - 1; n >= 1; n--) await rename(`${path}.${n}`, `${path}.${n + 1}`).catch(() => undefined);
  await copyFile(path, `${path}.1`);
  await truncate(path);
}

/** The last lines of a log, from at most 256 KiB. */
export async function tail(path: string, lines: number): Promise<string[]> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.toString('utf8', 0, bytesRead).split('\n').filter(Boolean).slice(-lines);
  } finally {
    await file.close();
  }
}
