import type { Readable } from 'node:stream';
import type { FileKey } from './key.ts';

/** From `start` to `end`, both counted in (RFC 9110 14.1.2). */
export interface ByteRange {
  start: number;
  end: number;
}

export interface StoredFile {
  key: string;
  bytes: number;
  modifiedAt: Date;
}

/** Where files lie: a folder on this machine, or a bucket. Whoever asks has checked that they may. */
export interface FileStore {
  /** Puts a file there, whole or not at all. Putting it again is no error. */
  put(key: FileKey, source: { path: string } | { bytes: Uint8Array }): Promise<void>;
  /** Null where there is no such file. */
  size(key: FileKey): Promise<number | null>;
  /** The bytes, or a part of them. @throws where there is no such file */
  open(key: FileKey, range?: ByteRange): Promise<Readable>;
  read(key: FileKey): Promise<Buffer>;
  /** Removing what is not there is no error. */
  remove(key: FileKey): Promise<void>;
  /** Every file under a prefix that ends in `/`. */
  list(prefix: string): AsyncIterable<StoredFile>;
  /** Removes every file under a prefix. @returns how many there were */
  removeAll(prefix: string): Promise<number>;
  /** Whether it can be written to and read. @throws where it cannot */
  check(): Promise<void>;
}
