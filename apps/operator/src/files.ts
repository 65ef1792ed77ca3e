import { closeSync, fsync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { z } from 'zod';

// The files are small and in the system's cache: each call that Node hands to another thread costs more than it does.
// Only what waits for the disk does so there.
const sync = promisify(fsync);

/** Replaces a private (0600) JSON file as a whole: a reader sees the old one or the new one, also after a power cut. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await replaceJson(path, value);
  const folder = openSync(dirname(path), 'r');
  await sync(folder).finally(() => closeSync(folder));
}

/** The same for what is about processes: a power cut ends them, so whether it is the old or the new file then is all one. */
export async function replaceJson(path: string, value: unknown): Promise<void> {
  const draft = `${path}.${process.pid}.new`;
  const file = openSync(draft, 'w', 0o600);
  try {
    writeFileSync(file, JSON.stringify(value));
    await sync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}

/** Reads a JSON file; undefined where it does not exist. */
export async function readJson<T extends z.ZodType>(
  path: string,
  schema: T,
): Promise<z.output<T> | undefined> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  return schema.parse(JSON.parse(text));
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
