import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Scanner, Verdict } from './scanner.ts';

const CHUNK_BYTES = 256 * 1024;
const ANSWER_MS = 120_000;
const VERSION_MS = 5_000;

/**
 * ClamAV's daemon, spoken to as clamd(8) says: `zINSTREAM\0`, then chunks led by their length in four bytes, network
 * order, then a length of zero; the answer is one line that ends in `\0`.
 * @param address `tcp://host:port` or `unix:///path`
 */
export function clamav(address: string): Scanner {
  const url = new URL(address);
  const open = (): Socket =>
    url.protocol === 'unix:'
      ? connect(decodeURIComponent(url.pathname))
      : connect(Number(url.port || 3310), url.hostname.replace(/^\[|\]$/g, ''));

  return {
    async scan(file) {
      try {
        return await verdict(open(), ANSWER_MS, file);
      } finally {
        file.destroy();
      }
    },
    version: () => ask(open(), VERSION_MS, (socket) => void socket.write('zVERSION\0')),
  };
}

async function verdict(socket: Socket, limit: number, file: Readable): Promise<Verdict> {
  const answer = await ask(socket, limit, (open) => send(open, file));
  if (answer === 'stream: OK') return { state: 'clean' };
  const threat = /^stream: (.+) FOUND$/.exec(answer)?.[1];
  if (threat) return { state: 'infected', threat };
  throw new Error(`the virus scanner reached no verdict: ${answer.slice(0, 200)}`);
}

async function send(socket: Socket, file: Readable): Promise<void> {
  socket.write('zINSTREAM\0');
  for await (const piece of file) {
    const bytes = Buffer.from(piece);
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      const chunk = bytes.subarray(at, at + CHUNK_BYTES);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(chunk.length);
      socket.write(length);
      if (!socket.write(chunk)) await new Promise<void>((go) => onceEither(socket, go));
      // It answers before the end where the file is too large for it.
      if (socket.destroyed) return;
    }
  }
  socket.write(Buffer.alloc(4));
}

function onceEither(socket: Socket, go: () => void): void {
  const done = () => {
    socket.off('drain', done);
    socket.off('close', done);
    go();
  };
  socket.once('drain', done);
  socket.once('close', done);
}

/** One question, one answer. */
function ask(
  socket: Socket,
  limit: number,
  question: (socket: Socket) => void | Promise<void>,
): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    let answer = '';
    const end = (error?: Error) => {
      clearTimeout(timer);
      socket.destroy();
      if (error) reject(error);
      else resolve(answer.replace(/\0.*$/s, '').trim());
    };
    const timer = setTimeout(() => end(new Error('the virus scanner did not answer in time')), limit);
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      answer += text;
      if (answer.includes('\0')) end();
    });
    socket.once('error', (error) => (answer.includes('\0') ? end() : end(error)));
    socket.once('end', () => (answer === '' ? end(new Error('the virus scanner hung up')) : end()));
    socket.once('connect', () => {
      Promise.resolve(question(socket)).catch(end);
    });
  });
}
