import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { testDatabase } from '../../../tools/testDatabase.ts';

const clockAnswer = z.object({ now: z.string() });

test('migrates an empty database, gets ready, and leaves at SIGTERM; a second start finds what the first left', async () => {
  const database = await testDatabase();
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  assert.ok(address !== null && typeof address === 'object');
  await new Promise((resolve) => probe.close(resolve));
  const url = `http://127.0.0.1:${address.port}`;
  const key = 'sandbox_sk_0123456789';
  const call = (path: string, init?: RequestInit) =>
    fetch(url + path, { ...init, headers: { Authorization: `Bearer ${key}` } });
  try {
    for (const attempt of [1, 2]) {
      const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
        env: {
          NODE_ENV: 'test',
          PATH: process.env.PATH ?? '',
          PORT: String(address.port),
          SANDBOX_DATABASE_URL: database.sandboxUrl,
          SANDBOX_API_KEY: key,
          SANDBOX_WEBHOOK_SECRET: '0123456789abcdef',
          SANDBOX_WEBHOOK_URL: 'http://127.0.0.1:9/webhooks/sandbox',
          SANDBOX_PUBLIC_URL: 'http://pay.localhost:8080',
        },
        stdio: 'ignore',
      });
      try {
        let ready = false;
        for (let i = 0; i < 400 && !ready; i++) {
          ready = await call('/healthz').then(
            ({ status }) => status === 200,
            () => false,
          );
          if (!ready) await new Promise((resolve) => setTimeout(resolve, 25));
        }
        assert.ok(ready);
        if (attempt === 1) {
          const advanced = await call('/v1/clock/advance', { method: 'POST', body: '{"seconds":86400}' });
          assert.equal(advanced.status, 200);
        }
        const { now } = clockAnswer.parse(await (await call('/v1/clock')).json());
        assert.ok(Date.parse(now) - Date.now() > 86_000_000, 'the clock stays ahead');
        const began = Date.now();
        child.kill('SIGTERM');
        const [code]: unknown[] = await once(child, 'exit');
        assert.equal(code, 0);
        assert.ok(Date.now() - began < 5_000);
      } finally {
        child.kill('SIGKILL');
      }
    }
  } finally {
    await database.drop();
  }
});
