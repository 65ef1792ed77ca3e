/** Puts platforms to sleep, as who administers the machine does: by the operator's control socket. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { join } from 'node:path';
import { sleepAnswer } from '@preau/contract/wake';
import type { World } from './world.ts';

const TIMEOUT_MS = 20_000;

/** Waits until nobody uses the platform, for its pages may still be loading. */
export async function putToSleep({ platform }: World, slug: string): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    const answer = sleepAnswer.parse(JSON.parse(await ask(join(platform.dataDir, 'operator.sock'), slug)));
    if (answer.state === 'asleep') return;
    assert.ok(Date.now() < deadline, `${slug} stays awake: ${answer.reason}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function ask(socketPath: string, slug: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ socketPath, method: 'POST', path: `/sleeps/${slug}.localhost` }, async (answer) => {
      resolve(Buffer.concat(await answer.toArray()).toString());
    })
      .on('error', reject)
      .end();
  });
}
