import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../../tools/process.ts';

const PROGRAMS = ['/usr/bin/pebble', '/usr/bin/pebble-challtestsrv', '/usr/bin/openssl'];
const READY_MS = 10_000;

/** Why there can be no authority here; false where there can. */
export const noAuthority = (): string | false => {
  const missing = PROGRAMS.find((program) => !existsSync(program));
  return missing ? `${missing} is not installed (Debian packages pebble, openssl)` : false;
};

/** A certificate authority that is asked by ACME (RFC 8555). */
export interface Authority {
  /** Where it is asked. */
  directory: string;
  /** The file of the certificate that it itself is known by. */
  certificate: string;
  /** The root of what it signs; made anew at each start. */
  root: string;
  /** What it has written so far: every name it was asked for is in there. */
  said(): string;
  close(): Promise<void>;
}

/**
 * Starts Let's Encrypt's Pebble, for which every name leads to this machine.
 *
 * @param folder where its files may be
 * @param ports on which whoever asks answers for a name, in plain text and by TLS
 */
export async function startAuthority(
  folder: string,
  ports: { http: number; https: number },
): Promise<Authority> {
  const certificate = join(folder, 'authority.pem');
  const key = join(folder, 'authority.key');
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
      ...['-keyout', key, '-out', certificate],
    ],
    { stdio: 'ignore' },
  );
  const [dns, listen, management] = [await freePort(), await freePort(), await freePort()];
  const config = join(folder, 'authority.json');
  writeFileSync(
    config,
    JSON.stringify({
      pebble: {
        listenAddress: `127.0.0.1:${listen}`,
        managementListenAddress: `127.0.0.1:${management}`,
        certificate,
        privateKey: key,
        httpPort: ports.http,
        tlsPort: ports.https,
      },
    }),
  );
  let said = '';
  const programs = [
    spawn('pebble-challtestsrv', [
      ...['-dns01', `127.0.0.1:${dns}`, '-management', '127.0.0.1:0', '-defaultIPv6', ''],
      ...['-http01', '', '-https01', '', '-tlsalpn01', ''],
    ]),
    spawn('pebble', ['-config', config, '-dnsserver', `127.0.0.1:${dns}`], {
      env: { ...process.env, PEBBLE_VA_NOSLEEP: '1' },
    }),
  ];
  for (const { stdout, stderr } of programs)
    for (const stream of [stdout, stderr])
      stream.on('data', (bytes: Buffer) => {
        said += bytes;
      });
  const close = async () => {
    for (const program of programs) {
      if (program.exitCode !== null) continue;
      program.kill('SIGTERM');
      await once(program, 'exit');
    }
  };
  const ca = readFileSync(certificate);
  const root = async () => {
    const asked = request({ host: '127.0.0.1', port: management, path: '/roots/0', ca, agent: false });
    asked.end();
    const [answer] = await once(asked, 'response');
    return text(answer);
  };
  const deadline = performance.now() + READY_MS;
  for (;;) {
    try {
      return {
        directory: `https://localhost:${listen}/dir`,
        certificate,
        root: await root(),
        said: () => said,
        close,
      };
    } catch (cause) {
      if (programs.every(({ exitCode }) => exitCode === null) && performance.now() < deadline) {
        await sleep(20);
        continue;
      }
      await close();
      throw new Error(`Pebble did not start: ${said}`, { cause });
    }
  }
}
