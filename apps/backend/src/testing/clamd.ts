import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../../tools/process.ts';
import { clamav } from '../assets/clamav.ts';

const PROGRAM = '/usr/sbin/clamd';
const START_MS = 60_000;

export const clamdInstalled = existsSync(PROGRAM);

/** The harmless string that every scanner knows (eicar.org), in two parts so that this file is none. */
export const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

/** Debian's ClamAV daemon with a database of one signature, at addresses that stay while it stops and starts. */
export interface Clamd {
  tcpUrl: string;
  unixUrl: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  close(): Promise<void>;
}

export async function openClamd(): Promise<Clamd> {
  const folder = mkdtempSync(join(tmpdir(), 'preau-clamd-'));
  chmodSync(folder, 0o777);
  const port = await freePort();
  const socket = join(folder, 'clamd.sock');
  writeFileSync(join(folder, 'own.ndb'), `Eicar-Test-Signature:0:*:${Buffer.from(eicar).toString('hex')}\n`);
  const configuration = join(folder, 'clamd.conf');
  writeFileSync(
    configuration,
    [
      `DatabaseDirectory ${folder}`,
      `LocalSocket ${socket}`,
      `TCPSocket ${port}`,
      'TCPAddr 127.0.0.1',
      'Foreground yes',
      'StreamMaxLength 20M',
      '',
    ].join('\n'),
  );
  const unixUrl = `unix://${socket}`;
  let child: ChildProcess | undefined;
  const stop = async () => {
    if (!child) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    child = undefined;
    await gone;
    rmSync(socket, { force: true });
  };
  return {
    tcpUrl: `tcp://127.0.0.1:${port}`,
    unixUrl,
    async start() {
      const started = spawn(PROGRAM, ['-c', configuration], { stdio: 'ignore' });
      child = started;
      const deadline = Date.now() + START_MS;
      while (
        !(await clamav(unixUrl)
          .version()
          .catch(() => null))
      ) {
        if (started.exitCode !== null || Date.now() > deadline) throw new Error('clamd did not start');
        await sleep(50);
      }
    },
    stop,
    async close() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
