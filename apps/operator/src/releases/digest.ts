import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Beside the artefact, and about it. */
export const MANIFEST = 'release.json';
/** Each instance's user has a link in here to the code that the build compiled: not part of what was published. */
const COMPILED = '.compile-cache';

export interface Content {
  /** SHA-256 in hexadecimal over names and contents, in the order of the names. */
  digest: string;
  bytes: number;
}

/** What an artefact consists of: every file and link but its manifest. */
export async function contentOf(folder: string): Promise<Content> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((name) => name !== MANIFEST)
    .sort();
  const hash = createHash('sha256');
  let bytes = 0;
  for (const name of names) {
    const path = join(folder, name);
    const link = (await lstat(path)).isSymbolicLink();
    if (link && name.startsWith(COMPILED)) continue;
    const content = link ? Buffer.from(await readlink(path)) : await readFile(path);
    bytes += content.length;
    hash.update(`${link ? 'link' : 'file'} ${content.length} ${name}\0`).update(content);
  }
  return { digest: hash.digest('hex'), bytes };
}
