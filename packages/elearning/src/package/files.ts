import type { Resolver } from '../markdown.ts';
import type { ZipEntry } from '../zip.ts';

/** The files of a package by their paths, without what a machine left there and without a lone outer folder. */
export class Files {
  readonly #entries: Map<string, ZipEntry>;
  /** The outer folder that was taken off, or ''. */
  readonly outerFolder: string;

  constructor(entries: readonly ZipEntry[]) {
    const kept = entries.filter(({ path }) => !LITTER.test(path));
    this.outerFolder = outerFolderOf(kept);
    const skip = this.outerFolder === '' ? 0 : this.outerFolder.length + 1;
    this.#entries = new Map(kept.map((entry) => [entry.path.slice(skip), entry]));
  }

  get paths(): string[] {
    return [...this.#entries.keys()];
  }

  has(path: string): boolean {
    return this.#entries.has(path);
  }

  /** Bytes of a file, unpacked. @throws PackageError where it is damaged */
  read(path: string): Uint8Array {
    return this.#entries.get(path)?.read() ?? new Uint8Array();
  }

  size(path: string): number {
    return this.#entries.get(path)?.bytes ?? 0;
  }

  /** Text of a file; null where it is not UTF-8, or longer than `MAX_TEXT`. */
  readText(path: string): string | null {
    if (this.size(path) > MAX_TEXT) return null;
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(this.read(path));
      return text.includes('\u0000') ? null : text;
    } catch (error) {
      if (error instanceof TypeError) return null;
      throw error;
    }
  }

  /** Text of the first of these that is there. */
  firstText(...paths: string[]): string | null {
    const path = paths.find((candidate) => this.has(candidate));
    return path === undefined ? null : this.readText(path);
  }

  /** Where addresses in a file of this package lead. */
  resolver(file: string, site?: string): Resolver {
    const folder = folderOf(file);
    const find = (address: string, variants: (path: string) => string[]): string | null => {
      for (const base of new Set([folder, '', 'episodes', '_episodes', 'docs'])) {
        const path = address.startsWith('/') ? join('', address) : join(base, address);
        const found = path === null ? undefined : variants(path).find((candidate) => this.has(candidate));
        if (found !== undefined) return found;
      }
      // Builders of sites move pages about: the only file of that name is the one that is meant.
      const name = nameOf(address);
      const named = this.paths.filter((path) => variants(name).includes(nameOf(path)));
      return name !== '' && named.length === 1 ? (named[0] ?? null) : null;
    };
    return {
      image: (address) => find(address, (path) => [path]),
      file: (address) =>
        find(address, (path) => [
          path,
          `${path}.md`,
          path.replace(/\.html?$/i, '.md'),
          ...(path === '' ? [] : [`${path}/index.md`, `${path}/README.md`]),
        ]),
      ...(site === undefined ? {} : { site }),
    };
  }
}

/** Longest text that is read, in bytes. */
export const MAX_TEXT = 2 * 1024 * 1024;
const LITTER = /(^|\/)(__MACOSX|\.[^/]+|Thumbs\.db|desktop\.ini)(\/|$)/i;

function outerFolderOf(entries: readonly ZipEntry[]): string {
  const first = entries[0]?.path.split('/');
  if (!first || first.length < 2) return '';
  const folder = first[0] ?? '';
  return entries.every(({ path }) => path.startsWith(`${folder}/`)) ? folder : '';
}

export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** A relative path from a folder; null where it leads out of the package. */
function join(folder: string, path: string): string | null {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
}

const collator = new Intl.Collator('en', { numeric: true });
/** 2 before 10, whatever else stands around. */
export const naturally = (a: string, b: string): number => collator.compare(a, b);

/** A title for a file or folder without one: `02-les_bases.md` → `Les bases`. */
export function titleOfName(name: string): string {
  const bare = name
    .replace(/\.(md|markdown|qmd|rmd|zip)$/i, '')
    .replace(/^\d+[\s._-]+/, '')
    .replace(/[-_]+/g, ' ')
    .trim();
  return bare.charAt(0).toUpperCase() + bare.slice(1);
}
