import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};
const IMMUTABLE = 'public, max-age=31536000, immutable';
const ONE_HOUR = 'public, max-age=3600';

export interface Files {
  /** Answers a request for a file of the build; false where there is none of that name. */
  serve(pathname: string, request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

/** Serves the build's files from a list made at start, so that no path of a visitor ever touches the disk. */
export function openFiles(roots: { prefix: string; folder: string; hashed: boolean }[]): Files {
  const known = new Map<string, { path: string; type: string; brotli: boolean; hashed: boolean }>();
  for (const { prefix, folder, hashed } of roots) {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const paths = new Set(entries.map((entry) => join(entry.parentPath, entry.name)));
    for (const path of paths) {
      const type = types[extname(path)];
      if (!type) continue;
      const name = prefix + path.slice(folder.length).replaceAll('\\', '/');
      known.set(name, { path, type, brotli: paths.has(`${path}.br`), hashed });
    }
  }
  return {
    async serve(pathname, request, response) {
      const file = known.get(pathname);
      if (!file) return false;
      const brotli = file.brotli && /\bbr\b/.test(request.headers['accept-encoding'] ?? '');
      const body = await readFile(brotli ? `${file.path}.br` : file.path);
      response.setHeader('Content-Type', file.type);
      response.setHeader('Content-Length', body.length);
      response.setHeader('Cache-Control', file.hashed ? IMMUTABLE : ONE_HOUR);
      if (file.brotli) response.setHeader('Vary', 'Accept-Encoding');
      if (brotli) response.setHeader('Content-Encoding', 'br');
      response.end(request.method === 'HEAD' ? undefined : body);
      return true;
    },
  };
}
