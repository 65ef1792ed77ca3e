import { Worker } from 'node:worker_threads';
import type { CoursePackage, PackageAsset } from '@preau/elearning/coursePackage';
import { PackageError, type PackageFault } from '@preau/elearning/zip';
import type { Questions } from './quiz.ts';

const TIMEOUT_MS = 120_000;
const HEAP_MEGABYTES = 1_024;

export interface Task {
  kind: 'markdown' | 'gift';
  bytes: Uint8Array;
  fileName: string;
}
/** A file of the package with its bytes; none where it is damaged. */
export interface Unpacked {
  path: string;
  mime: string;
  alt: string;
  bytes: Uint8Array;
}
export type Reading =
  | {
      kind: 'markdown';
      course: Omit<CoursePackage, 'assets' | 'attachments'>;
      assets: Unpacked[];
      attachments: Unpacked[];
    }
  | { kind: 'gift'; questions: Questions }
  | { kind: 'refused'; fault: PackageFault; file: string };

/** Reads a zip as a course, in a thread of its own. @throws PackageError where it is refused */
export async function readCourseApart(bytes: Uint8Array, fileName: string): Promise<CoursePackage> {
  const reading = await readApart({ kind: 'markdown', bytes, fileName });
  if (reading.kind !== 'markdown') throw refusal(reading);
  const { course, assets, attachments } = reading;
  return { ...course, assets: assets.map(packed), attachments: attachments.map(packed) };
}

const packed = ({ bytes, ...asset }: Unpacked): PackageAsset => ({ ...asset, read: () => bytes });

/** Reads a GIFT file in the same way. @throws PackageError where it is refused */
export async function readQuestionsApart(bytes: Uint8Array, fileName: string): Promise<Questions> {
  const reading = await readApart({ kind: 'gift', bytes, fileName });
  if (reading.kind !== 'gift') throw refusal(reading);
  return reading.questions;
}

const refusal = (reading: Reading): Error =>
  reading.kind === 'refused'
    ? new PackageError(reading.fault, reading.file)
    : new Error(`asked for another reading than ${reading.kind}`);

/** In a bundle the thread's code lies beside every chunk. */
const CODE = new URL(import.meta.url.endsWith('.ts') ? './reader.ts' : './reader.js', import.meta.url);

function readApart(task: Task): Promise<Reading> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(CODE, {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
    });
    const timer = setTimeout(() => {
      reject(new PackageError('package.tooComplex'));
      void worker.terminate();
    }, TIMEOUT_MS);
    worker.once('message', resolve);
    worker.once('error', (error) => {
      const full = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      reject(full ? new PackageError('package.tooComplex') : error);
    });
    worker.once('exit', () => {
      clearTimeout(timer);
      reject(new Error('a reader ended without an answer'));
    });
  });
}
