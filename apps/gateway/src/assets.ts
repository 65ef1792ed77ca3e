import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';

const PREFIX = '/_next/static/';
/** Where a release has the files that pages load, in its folder. */
const STATIC = 'apps/lms/.next/static';
const LOOK_AGAIN_MS = 5_000;
const IMMUTABLE = 'public, max-age=31536000, immutable';
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

interface Asset {
  path: string;
  type: string;
  brotli: boolean;
}

/**
 * The files of every release that is still on this machine. A page that was opened before its platform was updated, or
 * taken back, asks for files that the process behind does not have: their names carry a hash, so whoever has one of a
 * name has the right one. Asked only where that process answered 404.
 */
export class Assets {
  readonly #releases: string;
  #known = new Map<string, Asset>();
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  /** @param releases the folder that holds one folder a release */
  constructor(releases: string) {
    this.#releases = releases;
  }

  /** Whether the path could be such a file. */
  static concerns(request: IncomingMessage): boolean {
    return (request.method === 'GET' || request.method === 'HEAD') && (request.url ?? '').startsWith(PREFIX);
  }

  /** Answers with the file of that name, or that there is none. No path of a visitor touches the disk. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [pathname = ''] = (request.url ?? '').split('?', 1);
    const asset = await this.#find(pathname);
    const brotli = asset?.brotli === true && /\bbr\b/.test(request.headers['accept-encoding'] ?? '');
    const body = asset && (await readFile(brotli ? `${asset.path}.br` : asset.path).catch(() => undefined));
    if (response.destroyed) return;
    if (!asset || !body) {
      response
        .writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
        .end('Not found\n');
      return;
    }
    response.writeHead(200, {
      'Content-Type': asset.type,
      'Content-Length': body.length,
      'Cache-Control': IMMUTABLE,
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'same-origin',
      ...(asset.brotli ? { Vary: 'Accept-Encoding' } : {}),
      ...(brotli ? { 'Content-Encoding': 'br' } : {}),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  async #find(pathname: string): Promise<Asset | undefined> {
    const known = this.#known.get(pathname);
    if (known || performance.now() - this.#lookedAt < LOOK_AGAIN_MS) return known;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
    return this.#known.get(pathname);
  }

  async #look(): Promise<void> {
    const found = new Map<string, Asset>();
    for (const release of await readdir(this.#releases).catch(() => [])) {
      const folder = join(this.#releases, release, STATIC);
      const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
      const paths = new Set(
        entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)),
      );
      for (const path of paths) {
        const type = types[extname(path)];
        if (type)
          found.set(PREFIX + path.slice(folder.length + 1), { path, type, brotli: paths.has(`${path}.br`) });
      }
    }
    this.#known = found;
    this.#lookedAt = performance.now();
  }
}
