/** Callers of a service whose process has died wait for the next one instead of being refused (decision 162). */
import { connect, createServer, type Socket } from 'node:net';

export interface Address {
  host: string;
  port: number;
}

/** A process is there again after two or three seconds; whoever waits longer hears at once that nobody serves. */
const HOLD_MS = 10_000;
/** More are refused. */
const MAX_HELD = 1_000;
/** The port is free when the last handle to it is closed, a moment after the process has ended. */
const AGAIN_MS = 2;

export interface Waiting {
  /** Takes no more callers: the port is free when it resolves. */
  close(): Promise<void>;
  /** Leads those who wait to the process that serves now. */
  lead(): void;
}

/** Takes the callers of an address, reads nothing of what they say, and keeps them for as long as a start takes. */
export function holdCallers(address: Address): Waiting {
  const held = new Set<Socket>();
  const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
    if (held.size >= MAX_HELD) return void socket.destroy();
    held.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => held.delete(socket));
  });
  let closing = false;
  const listen = () => {
    if (!closing) server.listen(address);
  };
  server.on('error', () => setTimeout(listen, AGAIN_MS));
  listen();
  const close = () => {
    closing = true;
    return new Promise<void>((closed) => {
      if (!server.listening) return closed();
      // Those whom the kernel has taken already are ours; `close` waits for them to leave.
      setImmediate(() => {
        server.close();
        setImmediate(closed);
      });
    });
  };
  const over = setTimeout(() => {
    void close();
    for (const socket of held) socket.destroy();
  }, HOLD_MS);

  return {
    close,
    lead() {
      closing = true;
      clearTimeout(over);
      for (const socket of held) {
        const onward = connect({ ...address, noDelay: true });
        onward.on('error', () => socket.destroy()).once('close', () => socket.destroy());
        socket.once('close', () => onward.destroy());
        socket.pipe(onward).pipe(socket);
      }
    },
  };
}
