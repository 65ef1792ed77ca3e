import { rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';

/**
 * Listens on a unix socket that only our own user may open (mode 0600): whoever can speak there is one of us. A socket
 * file that a killed process left behind is replaced.
 * @throws where another process answers on it.
 */
export async function listenPrivately(server: Server, path: string): Promise<void> {
  if (await answers(path))
    throw new Error(`Another process answers on ${path}. Stop it, or choose another path for this one.`);
  rmSync(path, { force: true });
  // The file must never be open to others, not even between bind and chmod.
  const before = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
  } finally {
    process.umask(before);
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
