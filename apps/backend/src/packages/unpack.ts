/* Unpacks a stranger's zip in a thread of its own (see create.ts), each entry into a file named by its SHA-256. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { PackageError, type PackageFault, readZip } from '@preau/elearning/zip';

export interface UnpackTask {
  archive: string;
  folder: string;
}
export type Unpacked =
  | { ok: true; files: { path: string; checksum: string; bytes: number }[] }
  | { ok: false; fault: PackageFault; file: string };

/** What machines leave in archives and nobody opens. */
const NOISE = /(?:^|\/)(?:__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/;

function unpack({ archive, folder }: UnpackTask): Unpacked {
  try {
    const files = readZip(readFileSync(archive))
      .filter(({ path }) => !NOISE.test(path))
      .map(({ path, read }) => {
        const content = read();
        const checksum = createHash('sha256').update(content).digest('hex');
        writeFileSync(join(folder, checksum), content);
        return { path, checksum, bytes: content.byteLength };
      });
    return { ok: true, files };
  } catch (error) {
    if (error instanceof PackageError) return { ok: false, fault: error.fault, file: error.file };
    throw error;
  }
}

// Whoever started the thread gave it a task of this shape.
parentPort?.postMessage(unpack(workerData as UnpackTask));
