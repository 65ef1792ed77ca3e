import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { generateKey, type PrivateKeyFile, privateKeyFile } from '@preau/identity';
import { readJson, writeJson } from './files.ts';

/** The private keys of instances, in `<data>/instances/<id>/identity.json` (0600) and nowhere else. */
export interface Identities {
  /** The instance's key; made at the first call. */
  ensure(instanceId: string): Promise<PrivateKeyFile>;
  find(instanceId: string): Promise<PrivateKeyFile | undefined>;
  forget(instanceId: string): Promise<void>;
}

export function openIdentities(dataDir: string): Identities {
  const folder = (id: string) => join(dataDir, 'instances', id);
  const file = (id: string) => join(folder(id), 'identity.json');
  const find = (id: string) => readJson(file(id), privateKeyFile);
  return {
    find,
    async ensure(id) {
      const known = await find(id);
      if (known) return known;
      const made = await generateKey(`instance:${id}`, randomUUID());
      await mkdir(folder(id), { recursive: true, mode: 0o700 });
      await writeJson(file(id), made);
      return made;
    },
    forget: (id) => rm(file(id), { force: true }),
  };
}
