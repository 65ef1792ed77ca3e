/*
 * Reads zip archives that strangers made. The central directory is the truth; every entry is checked before the
 * first byte is unpacked, and unpacking stops as soon as an entry gives more than it announced.
 */

import { Inflate } from 'fflate';

export interface ZipLimits {
  entries: number;
  /** Bytes of all entries unpacked. */
  totalBytes: number;
  /** Bytes of one entry unpacked. */
  entryBytes: number;
  /** Unpacked bytes for one packed byte, of entries beyond 1 MB. */
  ratio: number;
  /** Letters of a path. */
  pathLength: number;
}

export const zipLimits: ZipLimits = {
  entries: 5_000,
  totalBytes: 500 * 1024 * 1024,
  entryBytes: 100 * 1024 * 1024,
  ratio: 200,
  pathLength: 400,
};

/** Why an archive or a package is refused as a whole. */
export type PackageFault =
  | 'zip.unreadable'
  | 'zip.damaged'
  | 'zip.encrypted'
  | 'zip.unsupported'
  | 'zip.entries'
  | 'zip.tooLarge'
  | 'zip.bomb'
  | 'zip.path'
  | 'zip.symlink'
  | 'package.empty'
  | 'package.unreadable'
  | 'package.tooComplex'
  | 'package.program'
  | 'gift.empty'
  | 'gift.tooLarge'
  | 'gift.unreadable';

export class PackageError extends Error {
  override name = 'PackageError';
  readonly fault: PackageFault;
  /** The file in question, cut short; empty where it is the whole. */
  readonly file: string;
  constructor(fault: PackageFault, file = '') {
    super(file === '' ? fault : `${fault}: ${file}`);
    this.fault = fault;
    this.file = file.slice(0, 120);
  }
}

export interface ZipEntry {
  /** Folders parted by `/`; never absolute, never with `..`. */
  path: string;
  /** Bytes unpacked, as announced (and held to). */
  bytes: number;
  /** @throws PackageError where the data is damaged */
  read(): Uint8Array;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const SYMLINK = 0o120000;
const FILE_TYPE = 0o170000;

/** The files of an archive, without its folders. @throws PackageError */
export function readZip(archive: Uint8Array, limits: ZipLimits = zipLimits): ZipEntry[] {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  try {
    return readDirectory(archive, view, limits);
  } catch (error) {
    // A read beyond the end: offsets that lie.
    if (error instanceof RangeError) throw new PackageError('zip.damaged');
    throw error;
  }
}

function readDirectory(archive: Uint8Array, view: DataView, limits: ZipLimits): ZipEntry[] {
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || at === 0xffffffff) throw new PackageError('zip.unsupported');
  if (count > limits.entries) throw new PackageError('zip.entries');
  const entries: ZipEntry[] = [];
  const spans: { start: number; end: number }[] = [];
  const seen = new Set<string>();
  let total = 0;
  for (let index = 0; index < count; index++) {
    if (view.getUint32(at, true) !== CENTRAL) throw new PackageError('zip.damaged');
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const checksum = view.getUint32(at + 16, true);
    const packed = view.getUint32(at + 20, true);
    const bytes = view.getUint32(at + 24, true);
    const nameLength = view.getUint16(at + 28, true);
    const rest = view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    const mode = view.getUint32(at + 38, true) >>> 16;
    const offset = view.getUint32(at + 42, true);
    const name = nameOf(archive.subarray(at + 46, at + 46 + nameLength));
    at += 46 + nameLength + rest;
    const path = safePath(name, limits);
    if ((mode & FILE_TYPE) === SYMLINK) throw new PackageError('zip.symlink', path);
    if (path === '' || name.endsWith('/') || name.endsWith('\\')) continue;
    if (flags & 1) throw new PackageError('zip.encrypted', path);
    if (method !== 0 && method !== 8) throw new PackageError('zip.unsupported', path);
    if (bytes > limits.entryBytes) throw new PackageError('zip.tooLarge', path);
    total += bytes;
    if (total > limits.totalBytes) throw new PackageError('zip.tooLarge');
    if (bytes > 1024 * 1024 && bytes > packed * limits.ratio) throw new PackageError('zip.bomb', path);
    if (seen.has(path)) throw new PackageError('zip.damaged', path);
    seen.add(path);
    const start = dataOf(view, offset);
    if (start + packed > archive.byteLength) throw new PackageError('zip.damaged', path);
    spans.push({ start: offset, end: start + packed });
    const data = archive.subarray(start, start + packed);
    entries.push({ path, bytes, read: () => unpack(path, data, method, bytes, checksum) });
  }
  refuseOverlaps(spans);
  return entries;
}

/** The end record is the last thing in a zip, before a comment of at most 65,535 bytes. */
function findEnd(view: DataView): number {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 0xffff); at--)
    if (view.getUint32(at, true) === END) return at;
  throw new PackageError('zip.unreadable');
}

function dataOf(view: DataView, offset: number): number {
  if (view.getUint32(offset, true) !== LOCAL) throw new PackageError('zip.damaged');
  return offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
}

/** Entries that share their data make small archives that unpack into terabytes. */
function refuseOverlaps(spans: { start: number; end: number }[]): void {
  spans.sort((a, b) => a.start - b.start);
  for (const [index, span] of spans.entries()) {
    const next = spans[index + 1];
    if (next && next.start < span.end) throw new PackageError('zip.bomb');
  }
}

function nameOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

/** A path inside the package. @throws PackageError where it leads out of it */
function safePath(name: string, limits: ZipLimits): string {
  const path = name.replaceAll('\\', '/').normalize('NFC');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  const hostile = /^\/|^[a-z]:|[\u0000-\u001f\u007f]/i.test(path);
  const parts = path.split('/');
  if (hostile || parts.includes('..') || path.length > limits.pathLength)
    throw new PackageError('zip.path', path);
  return parts.filter((part) => part !== '' && part !== '.').join('/');
}

function unpack(path: string, data: Uint8Array, method: number, bytes: number, checksum: number): Uint8Array {
  const content = method === 0 ? data : inflate(path, data, bytes);
  if (content.byteLength !== bytes || crc32(content) !== checksum)
    throw new PackageError('zip.damaged', path);
  return content;
}

const SLICE = 64 * 1024;

function inflate(path: string, data: Uint8Array, bytes: number): Uint8Array {
  const content = new Uint8Array(bytes);
  let length = 0;
  const stream = new Inflate((chunk) => {
    if (length + chunk.byteLength > bytes) throw new PackageError('zip.bomb', path);
    content.set(chunk, length);
    length += chunk.byteLength;
  });
  try {
    // In slices: a packed byte gives at most 1,032 bytes, so that no slice gives more than 66 MB.
    for (let at = 0; at < data.byteLength || at === 0; at += SLICE)
      stream.push(data.subarray(at, at + SLICE), at + SLICE >= data.byteLength);
  } catch (error) {
    throw error instanceof PackageError ? error : new PackageError('zip.damaged', path);
  }
  return content.subarray(0, length);
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(content: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of content) sum = (CRC_TABLE[(sum ^ byte) & 0xff] ?? 0) ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}
