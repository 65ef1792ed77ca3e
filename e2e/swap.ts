/** Replaces a platform's process while its pages are open, as every update does. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProblem } from '@preau/contract';
import { openBackend } from '../tools/backend.ts';
import type { World } from './world.ts';

const SWAP_MS = 60_000;
const LOOK_MS = 100;

/** Resolves when the new process serves and the former one has ended. */
export async function swap({ platform }: World, slug: string): Promise<void> {
  const backend = await openBackend(platform.dataDir, Number(new URL(platform.publicUrl).port));
  const { items } = await backend.listDesiredInstances();
  const { id: instanceId, endpoint } = items.find((one) => one.slug === slug) ?? assert.fail(slug);
  const params = { instanceId };
  const deadline = Date.now() + SWAP_MS;
  const opened = () =>
    backend.openRepair({ params, body: { type: 'restart' } }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof ApiProblem && error.is('operation-open')) return false;
        throw error;
      },
    );
  while (!(await opened())) {
    assert.ok(Date.now() < deadline, `another operation on ${slug} stays open`);
    await sleep(LOOK_MS);
  }
  for (;;) {
    const now = await backend.getDesiredInstance({ params });
    if (now.openOperation === null && now.endpoint !== endpoint) return;
    assert.ok(Date.now() < deadline, `${slug} keeps its process`);
    await sleep(LOOK_MS);
  }
}
