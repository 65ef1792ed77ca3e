/*
 * Reads a stranger's file in a thread of its own (see apart.ts): a regular expression that is lured into counting
 * to infinity, or a document nested to the sky, ends with the thread and not with the backend.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { type PackageAsset, readCoursePackage } from '@preau/elearning/coursePackage';
import { PackageError } from '@preau/elearning/zip';
import type { Reading, Task, Unpacked } from './apart.ts';
import { readQuestions } from './quiz.ts';

/** Bytes of all pictures of a course together, and of all files. */
const MAX_TOTAL = 200 * 1024 * 1024;

function read({ kind, bytes, fileName }: Task): Reading {
  try {
    if (kind === 'gift') return { kind, questions: readQuestions(fileName, bytes) };
    const { assets, attachments, ...course } = readCoursePackage(bytes, { fileName });
    return { kind, course, assets: unpack(assets), attachments: unpack(attachments) };
  } catch (error) {
    if (error instanceof PackageError) return { kind: 'refused', fault: error.fault, file: error.file };
    throw error;
  }
}

function unpack(assets: PackageAsset[]): Unpacked[] {
  let total = 0;
  return assets.map(({ path, mime, alt, read }) => {
    const bytes = orNothing(read);
    total += bytes.byteLength;
    if (total > MAX_TOTAL) throw new PackageError('zip.tooLarge');
    return { path, mime, alt, bytes };
  });
}

/** A damaged file is noted as such later; it does not cost the course. */
function orNothing(read: () => Uint8Array): Uint8Array {
  try {
    return read();
  } catch (error) {
    if (error instanceof PackageError) return new Uint8Array();
    throw error;
  }
}

// Whoever started the thread gave it a task of this shape.
parentPort?.postMessage(read(workerData as Task));
