import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../../tools/process.ts';
import type { DatabaseUrls } from '../database/roles.ts';

const PROGRAM = '/usr/sbin/pgbouncer';
const START_MS = 10_000;

export const pgBouncerInstalled = existsSync(PROGRAM);

/** A running PgBouncer that pools by transaction; its addresses are those of the serving roles. */
export interface PgBouncer {
  platformUrl: string;
  tenantUrl: string;
  stop(): Promise<void>;
}

/**
 * Starts Debian's PgBouncer before a test database.
 * @param size connections to PostgreSQL for each role
 */
export async function startPgBouncer(urls: DatabaseUrls, size: number): Promise<PgBouncer> {
  const folder = mkdtempSync(join(tmpdir(), 'preau-pgbouncer-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const server = new URL(urls.tenantUrl);
  const database = server.pathname.slice(1);
  const users = [urls.platformUrl, urls.tenantUrl].map((url) => new URL(url));
  const passwords = join(folder, 'users.txt');
  writeFileSync(
    passwords,
    users.map(({ username, password }) => `"${username}" "${decodeURIComponent(password)}"\n`).join(''),
  );
  const settings = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'scram-sha-256',
    auth_file: passwords,
    pool_mode: 'transaction',
    default_pool_size: size,
    max_client_conn: 500,
    logfile: join(folder, 'pgbouncer.log'),
  };
  const configuration = join(folder, 'pgbouncer.ini');
  writeFileSync(
    configuration,
    `[databases]\n${database} = host=127.0.0.1 port=${server.port}\n[pgbouncer]\n${Object.entries(settings)
      .map(([key, value]) => `${key} = ${value}\n`)
      .join('')}`,
  );
  writeFileSync(settings.logfile, '');
  chmodSync(settings.logfile, 0o666);
  // It refuses to run as root.
  const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const child = spawn(PROGRAM, ['-q', configuration], { stdio: 'ignore', ...asNobody });
  const gone = once(child, 'exit');
  const deadline = Date.now() + START_MS;
  while (!(await accepts(port))) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`PgBouncer did not start:\n${readFileSync(settings.logfile, 'utf8')}`);
    await sleep(25);
  }
  const through = (url: string) => {
    const address = new URL(url);
    address.port = String(port);
    return address.href;
  };
  return {
    platformUrl: through(urls.platformUrl),
    tenantUrl: through(urls.tenantUrl),
    async stop() {
      child.kill('SIGINT');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
