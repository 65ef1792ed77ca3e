import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openIdentities } from './identity.ts';

test('nothing of a removed instance stays, not even what outlives its keys', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'identity-'));
  const [gone, stays] = [randomUUID(), randomUUID()];
  try {
    const identities = openIdentities(dataDir);
    for (const id of [gone, stays]) {
      await identities.ensure(id, 'blue', { release: 'r1', generation: 1 });
      await identities.actionsKey(id);
      await identities.forget(id, 'blue');
    }
    await identities.remove(gone);
    await identities.remove(gone);
    assert.deepEqual(await readdir(join(dataDir, 'instances')), [stays]);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
