/* Unpacks what a stranger sent in a thread of its own (see create.ts), each file into one named by its SHA-256. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { PackageError, type PackageFault, readZip } from '@preau/elearning/zip';
import { ALONE, typeOf } from './type.ts';

export interface UnpackTask {
  /** A zip, or a page or drawing that is the whole package. */
  source: string;
  name: string;
  folder: string;
}
export type Unpacked =
  | { ok: true; files: { path: string; checksum: string; bytes: number; type: string }[] }
  | { ok: false; fault: PackageFault; file: string };

/** What machines leave in archives and nobody opens. */
const NOISE = /(?:^|\/)(?:__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/;

async function unpack({ source, name, folder }: UnpackTask): Promise<Unpacked> {
  const content = readFileSync(source);
  try {
    const entries = ALONE.test(name) ? [{ path: name, read: () => content }] : readZip(content);
    const files = [];
    for (const { path, read } of entries) {
      if (NOISE.test(path)) continue;
      const bytes = read();
      const type = await typeOf(path, bytes);
      if (type === null) throw new PackageError('package.program', path);
      const checksum = createHash('sha256').update(bytes).digest('hex');
      writeFileSync(join(folder, checksum), bytes);
      files.push({ path, checksum, bytes: bytes.byteLength, type });
    }
    return { ok: true, files };
  } catch (error) {
    if (error instanceof PackageError) return { ok: false, fault: error.fault, file: error.file };
    throw error;
  }
}

// Whoever started the thread gave it a task of this shape.
parentPort?.postMessage(await unpack(workerData as UnpackTask));
