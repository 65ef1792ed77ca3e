import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { context } from 'esbuild';
import { browserBundle, serverBundle } from '../bundling.mjs';
import type { Documents } from './documents.ts';

const folder = join(import.meta.dirname, '..');
const SCRIPT = '/_documents.js';
/** A page of Next's that needs nobody to be signed in: it names the style sheet as it is now. */
const DRESSED = '/verify';

/**
 * Documents with hot reload, for dev.ts: their sources are bundled again for each request, which costs nothing where
 * nothing changed.
 * @param origin by which this process asks itself
 */
export async function openHotDocuments(origin: string) {
  const server = await context({
    ...serverBundle,
    splitting: false,
    entryPoints: [join(folder, 'server/documents.ts')],
    outfile: join(folder, '.next/dev-documents.mjs'),
    write: false,
  });
  const browser = await context({ ...browserBundle, sourcemap: 'inline', write: false });
  let bundled: { hash: string; documents: Promise<Documents> } | undefined;

  async function stylesheet(): Promise<string> {
    const answer = await fetch(origin + DRESSED);
    const [, found] = /<link rel="stylesheet" href="([^"]+)"/.exec(await answer.text()) ?? [];
    if (!found) throw new Error(`${DRESSED} names no style sheet: ${answer.status}`);
    return found;
  }

  async function load(text: string): Promise<Documents> {
    const source = `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`;
    const { openDocuments } = (await import(source)) as typeof import('./documents.ts');
    return openDocuments(async () => ({ stylesheet: await stylesheet(), script: SCRIPT }));
  }

  return async (
    request: IncomingMessage,
    response: ServerResponse,
    address: { path: string; search: string },
    nonce: string,
  ): Promise<boolean> => {
    if (address.path === SCRIPT) {
      const { outputFiles } = await browser.rebuild();
      response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
      response.end(outputFiles?.[0]?.text);
      return true;
    }
    const [file] = (await server.rebuild()).outputFiles ?? [];
    if (!file) throw new Error('esbuild made nothing of server/documents.ts.');
    if (bundled?.hash !== file.hash) bundled = { hash: file.hash, documents: load(file.text) };
    return (await bundled.documents)(request, response, address, nonce);
  };
}
