/**
 * A client's kept-alive connection for load: node:http's client costs as much as a process that is measured. This one
 * knows just what servers of ours send.
 */
import { connect, type Socket } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Target } from './exchange.ts';

const BUFFER_BYTES = 64 * 1024;
const HEAD_END = '\r\n\r\n';
const STATUS = /^HTTP\/1\.1 (\d{3}) /;
const LENGTH = /\r\ncontent-length: *(\d+)\r\n/i;
const CHUNKED = /\r\ntransfer-encoding: *chunked\r\n/i;
const CLOSES = /\r\nconnection: *close\r\n/i;
const ENCODING = /\r\ncontent-encoding: *(\w+)\r\n/i;

export interface Reply {
  status: number;
  /** Of the body, without what frames it. */
  bytes: number;
  /** The body's text, where it was asked for. */
  text?: string;
}

/** Reads one answer from the pieces in which it comes. */
export class AnswerReader {
  status = 0;
  bytes = 0;
  /** Whether the server will say nothing more on this connection. */
  closes = false;
  /** What came of the line or head that is being read. */
  #text = '';
  #reads: 'head' | 'length' | 'size' | 'chunk' | 'trailer' | 'rest' = 'head';
  #left = 0;
  #encoding: string | undefined;
  readonly #kept: Buffer[] | undefined;

  /** @param keeps whether the body is wanted afterwards */
  constructor(keeps = false) {
    this.#kept = keeps ? [] : undefined;
  }

  /** @returns whether the answer is complete @throws where it is not one of HTTP/1.1, or more comes than it said */
  read(piece: Buffer): boolean {
    let at = 0;
    while (at < piece.length) {
      switch (this.#reads) {
        case 'head': {
          const end = this.#upTo(HEAD_END, piece, at);
          if (end < 0) return false;
          at = end;
          if (this.#head()) return this.#ended(piece, at);
          break;
        }
        case 'size': {
          const end = this.#upTo('\r\n', piece, at);
          if (end < 0) return false;
          at = end;
          const size = Number.parseInt(this.#text, 16);
          if (!(size >= 0)) throw new Error(`no length of a chunk: ${this.#text}`);
          this.#text = '';
          // With the line's end behind it.
          this.#left = size + 2;
          this.#reads = size === 0 ? 'trailer' : 'chunk';
          break;
        }
        case 'chunk': {
          const end = Math.min(piece.length, at + this.#left);
          this.#body(piece, at, Math.min(end, at + Math.max(0, this.#left - 2)));
          this.#left -= end - at;
          at = end;
          if (this.#left === 0) this.#reads = 'size';
          break;
        }
        case 'trailer': {
          const end = this.#upTo('\r\n', piece, at);
          if (end < 0) return false;
          at = end;
          if (this.#text === '\r\n') return this.#ended(piece, at);
          this.#text = '';
          break;
        }
        case 'length': {
          const end = Math.min(piece.length, at + this.#left);
          this.#body(piece, at, end);
          this.#left -= end - at;
          if (this.#left === 0) return this.#ended(piece, end);
          at = end;
          break;
        }
        case 'rest':
          this.#body(piece, at, piece.length);
          return false;
      }
    }
    return false;
  }

  /** The server closed. @returns whether that completes the answer */
  close(): boolean {
    return this.#reads === 'rest';
  }

  /** The body as text, decompressed. */
  text(): string {
    const body = Buffer.concat(this.#kept ?? []);
    if (this.#encoding === 'gzip') return gunzipSync(body).toString();
    return (this.#encoding === 'br' ? brotliDecompressSync(body) : body).toString();
  }

  /** Takes text up to and with `end`. @returns where it ends in the piece, or -1 where it goes on in the next */
  #upTo(end: string, piece: Buffer, from: number): number {
    const before = this.#text.length;
    this.#text += piece.toString('latin1', from);
    const found = this.#text.indexOf(end, Math.max(0, before - end.length));
    if (found < 0) return -1;
    const length = found + end.length;
    this.#text = this.#text.slice(0, length);
    return from + length - before;
  }

  /** @returns whether the answer consists of its head */
  #head(): boolean {
    const head = this.#text;
    this.#text = '';
    this.status = Number(STATUS.exec(head)?.[1] ?? Number.NaN);
    if (Number.isNaN(this.status)) throw new Error(`no answer of HTTP/1.1: ${head.slice(0, 80)}`);
    // 100 Continue and its like: the answer comes after it.
    if (this.status < 200) return false;
    this.closes = CLOSES.test(head);
    this.#encoding = ENCODING.exec(head)?.[1];
    if (this.status === 204 || this.status === 304) return true;
    if (CHUNKED.test(head)) {
      this.#reads = 'size';
      return false;
    }
    const length = LENGTH.exec(head)?.[1];
    this.#reads = length === undefined ? 'rest' : 'length';
    this.#left = Number(length ?? 0);
    return length !== undefined && this.#left === 0;
  }

  #body(piece: Buffer, from: number, to: number): void {
    this.bytes += to - from;
    // Copied: the next piece comes in the same memory.
    this.#kept?.push(Buffer.from(piece.subarray(from, to)));
  }

  #ended(piece: Buffer, at: number): true {
    if (at < piece.length) throw new Error('more than the answer came');
    return true;
  }
}

/** A request as it goes over the wire. */
export function requestText({ host, path, method = 'GET', headers = {}, body }: Target): string {
  let text = `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n`;
  for (const name in headers) text += `${name}: ${headers[name]}\r\n`;
  if (body === undefined) return `${text}\r\n`;
  return `${text}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

interface Asked {
  reader: AnswerReader;
  keeps: boolean;
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

/** One request after the other on one connection, which is opened again where the server closed it. */
export class Connection {
  readonly #port: number;
  #socket: Socket | undefined;
  #asked: Asked | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  /**
   * The answer to one request, read to its end. One at a time.
   * @param keeps whether the body's text is wanted
   */
  ask(target: Target, keeps = false): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#asked) throw new Error('a connection asks one thing at a time');
      this.#asked = { reader: new AnswerReader(keeps), keeps, resolve, reject };
      this.#socket ??= this.#open();
      this.#socket.write(requestText(target));
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  #open(): Socket {
    const take = (piece: Buffer) => {
      const asked = this.#asked;
      try {
        if (!asked) throw new Error('an answer that nobody asked for');
        if (asked.reader.read(piece)) this.#settle(asked);
      } catch (error) {
        this.#fail(socket, error instanceof Error ? error : new Error(String(error)));
      }
    };
    const socket = connect({
      port: this.#port,
      host: '127.0.0.1',
      noDelay: true,
      // One memory for all that comes: no buffer and no event of a stream for each piece.
      onread: {
        buffer: Buffer.allocUnsafe(BUFFER_BYTES),
        callback(length, memory) {
          take(Buffer.from(memory.buffer, memory.byteOffset, length));
          return true;
        },
      },
    });
    socket.on('error', (error) => this.#fail(socket, error));
    socket.on('close', () => {
      const asked = this.#asked;
      if (this.#socket === socket && asked?.reader.close()) this.#settle(asked);
      this.#fail(socket, new Error('the connection was closed'));
    });
    return socket;
  }

  #settle({ reader, keeps, resolve }: Asked): void {
    this.#asked = undefined;
    const { status, bytes } = reader;
    if (reader.closes) this.#drop();
    resolve(keeps ? { status, bytes, text: reader.text() } : { status, bytes });
  }

  #fail(socket: Socket, error: Error): void {
    if (this.#socket !== socket) return;
    this.#drop();
    const asked = this.#asked;
    this.#asked = undefined;
    asked?.reject(error);
  }

  #drop(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }
}
