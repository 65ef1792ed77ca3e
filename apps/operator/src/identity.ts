import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { generateKey, privateKeyFile } from '@preau/identity';
import { z } from 'zod';
import type { Slot } from './driver/driver.ts';
import { readJson, writeJson } from './files.ts';

const slotIdentity = privateKeyFile.extend({
  /** The release that the key is registered for, and the operation that made it. */
  release: z.string().optional(),
  generation: z.number().optional(),
});
/** The private key of one process of an instance. */
export type Identity = z.infer<typeof slotIdentity>;

const actionsFile = z.object({ key: z.string() });

/**
 * The private keys of instances, in `<data>/instances/<id>/` (0600) and nowhere else: one a slot, so that the
 * process that comes and the one that goes each have their own while both run.
 */
export interface Identities {
  /** The slot's key for an operation and a release; a new one where it has none made for them. */
  ensure(instanceId: string, slot: Slot, made: { release: string; generation: number }): Promise<Identity>;
  find(instanceId: string, slot: Slot): Promise<Identity | undefined>;
  forget(instanceId: string, slot: Slot): Promise<void>;
  /** Everything that was kept of an instance. */
  remove(instanceId: string): Promise<void>;
  /** What an instance encrypts the arguments of its pages' actions with (base64, 32 bytes); outlives its keys. */
  actionsKey(instanceId: string): Promise<string>;
}

export function openIdentities(dataDir: string): Identities {
  const folder = (id: string) => join(dataDir, 'instances', id);
  const file = (id: string, slot: Slot) => join(folder(id), `identity-${slot}.json`);
  /** Both slots' key, until an operation first makes them their own. */
  const shared = (id: string) => join(folder(id), 'identity.json');
  const find = async (id: string, slot: Slot) =>
    (await readJson(file(id, slot), slotIdentity)) ?? readJson(shared(id), slotIdentity);
  const keep = async (id: string, path: string, value: unknown) => {
    await mkdir(folder(id), { recursive: true, mode: 0o700 });
    await writeJson(path, value);
  };
  async function actionsKey(id: string): Promise<string> {
    const path = join(folder(id), 'actions.json');
    const known = await readJson(path, actionsFile);
    if (known) return known.key;
    const former = await readJson(shared(id), privateKeyFile);
    const key = former
      ? createHmac('sha256', former.privateKey.d).update('next-server-actions').digest('base64')
      : randomBytes(32).toString('base64');
    await keep(id, path, { key });
    return key;
  }

  /** The slot that is not being prepared may be running with the shared key: it becomes that slot's own. */
  async function share(id: string, slot: Slot): Promise<void> {
    const former = await readJson(shared(id), slotIdentity);
    if (!former) return;
    await actionsKey(id);
    const other = file(id, slot === 'blue' ? 'green' : 'blue');
    if (!(await readJson(other, slotIdentity))) await writeJson(other, former);
    await rm(shared(id));
  }

  return {
    find,
    actionsKey,
    async ensure(id, slot, { release, generation }) {
      const known = await readJson(file(id, slot), slotIdentity);
      if (known?.release === release && known.generation === generation) return known;
      await share(id, slot);
      const made = { ...(await generateKey(`instance:${id}`, randomUUID())), release, generation };
      await keep(id, file(id, slot), made);
      return made;
    },
    async forget(id, slot) {
      rmSync(file(id, slot), { force: true });
    },
    async remove(id) {
      await rm(folder(id), { recursive: true, force: true });
    },
  };
}
