/** That the look at the logs sees what it looks for, and nothing where there is nothing. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createSigner, generateKey } from '@preau/identity';
import { leaks } from './leaks.ts';

const folder = mkdtempSync(join(tmpdir(), 'preau-logs-'));
after(() => rmSync(folder, { recursive: true }));

function found(...lines: string[]): string[] {
  writeFileSync(join(folder, 'one.log'), `${lines.join('\n')}\n`);
  return leaks(folder, ['a secret of this machine']);
}

test('finds what no log may hold', async () => {
  const key = await generateKey('hub', 'k1');
  const token = await createSigner(key).token();
  const session = Buffer.alloc(32, 7).toString('base64url');
  for (const line of [
    `{"msg":"sent","headers":{"authorization":"Bearer ${session}"}}`,
    `{"msg":"${token}"}`,
    JSON.stringify(key),
    `{"headers":{"cookie":"session=${session}"}}`,
    `{"headers":{"preau-session":"${session}"}}`,
    `{"path":"/verify?token=${session}"}`,
    `{"url":"https://x.test/invitation#token=${session}"}`,
    '{"hash":"$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA"}',
    '{"detail":"Key (email)=(claire@atelier.test) already exists."}',
    '{"err":"connect postgres://preau:hunter2@127.0.0.1:5432/preau"}',
    '{"msg":"a secret of this machine"}',
    'ERROR:  duplicate key value\nDETAIL:  Key (email)=(claire@atelier.test) already exists.',
  ])
    assert.notDeepEqual(found(line), [], line);
});

test('leaves alone what may be logged', () => {
  assert.deepEqual(
    found(
      '{"level":30,"time":1,"name":"lms","release":"4f1c","milliseconds":210,"msg":"listening"}',
      '{"path":"/invitation/…","status":200,"host":"demo.localhost:8080"}',
      'at file:///srv/node_modules/@payloadcms/db-postgres/dist/find.js:12:3',
      '{"msg":"postgres://127.0.0.1:5432/preau is away"}',
      '{"msg":"authorization refused","kid":"hub-4Yd2"}',
    ),
    [],
  );
});
