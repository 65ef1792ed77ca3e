import { randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import {
  access,
  copyFile,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { storeKey } from './key.ts';
import type { FileStore } from './store.ts';

const absent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Files in a folder of this machine; several backends need one that they share. */
export function folderStore(root: string): FileStore {
  const at = (key: string) => join(root, storeKey(key));
  return {
    async put(key, source) {
      const path = at(key);
      await mkdir(dirname(path), { recursive: true });
      // Nobody ever reads half a file: it is written beside, then moved into place.
      const beside = `${path}.${randomUUID()}`;
      try {
        if ('path' in source) await copyFile(source.path, beside, constants.COPYFILE_EXCL);
        else await writeFile(beside, source.bytes, { flag: 'wx' });
        const file = await open(beside);
        await file.sync().finally(() => file.close());
        await rename(beside, path);
      } catch (error) {
        await rm(beside, { force: true });
        throw error;
      }
    },
    async size(key) {
      try {
        return (await stat(at(key))).size;
      } catch (error) {
        if (absent(error)) return null;
        throw error;
      }
    },
    open: async (key, range) => createReadStream(at(key), range),
    read: (key) => readFile(at(key)),
    remove: (key) => rm(at(key), { force: true }),
    async *list(prefix) {
      let entries: Awaited<ReturnType<typeof filesIn>>;
      try {
        entries = await filesIn(join(root, prefix));
      } catch (error) {
        if (absent(error)) return;
        throw error;
      }
      for (const { parentPath, name } of entries) {
        const path = join(parentPath, name);
        const known = await stat(path).catch((error: unknown) => {
          if (absent(error)) return null;
          throw error;
        });
        if (known) yield { key: relative(root, path), bytes: known.size, modifiedAt: known.mtime };
      }
    },
    async removeAll(prefix) {
      let count = 0;
      for await (const _ of this.list(prefix)) count++;
      await rm(join(root, prefix), { recursive: true, force: true });
      return count;
    },
    async check() {
      await mkdir(root, { recursive: true });
      await access(root, constants.R_OK | constants.W_OK);
    },
  };
}

async function filesIn(folder: string) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile());
}
