import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { isDocument } from '../src/documents/browser/paths.ts';
import type { Build } from '../src/documents/document.ts';
import { instance } from '../src/server/instance.ts';
import { cookieOf } from './cookie.ts';
import { failurePage } from './failure.ts';

const buildFile = z.object({ stylesheet: z.string(), script: z.string() });
const FORM = 'application/x-www-form-urlencoded';
const MAX_FORM_CHARACTERS = 64 * 1024;
const methods = new Set(['GET', 'HEAD', 'POST']);

/** Answers the pages of `src/documents`; false where the path is none. */
export type Documents = (
  request: IncomingMessage,
  response: ServerResponse,
  address: { path: string; search: string },
  nonce: string,
) => Promise<boolean>;

/** The files that a document names, as build.mjs left them in `documents.json`. */
export function readBuild(folder: string): () => Promise<Build> {
  const build = buildFile.parse(JSON.parse(readFileSync(join(folder, 'documents.json'), 'utf8')));
  return async () => build;
}

/** What draws documents: not part of a start, where the first page that is asked for is `/sign-in`. */
export const loadDocuments = async () => {
  documents ??= await import('../src/documents/documents.ts');
  return documents;
};
/** Asked for once: an import of what is there already costs a fiftieth of a page. */
let documents: typeof import('../src/documents/documents.ts') | undefined;

/** @param build the files that a document names, asked for each document: hot reload renames them */
export function openDocuments(build: () => Promise<Build>): Documents {
  return async (request, response, { path, search }, nonce) => {
    if (!isDocument(path)) return false;
    const { answerDocument, documentAt } = await loadDocuments();
    const draw = documentAt(path);
    if (!draw) return false;
    if (!methods.has(request.method ?? '')) {
      request.resume();
      response.writeHead(405, { Allow: [...methods].join(', ') }).end();
      return true;
    }
    // Next asks for its own description of a page before it goes there; without one it leaves that to the browser.
    if (request.headers.rsc !== undefined) {
      request.resume();
      response.writeHead(204).end();
      return true;
    }
    const form = await formOf(request);
    if (form === 'too-large') {
      failurePage(response, crypto.randomUUID(), request.headers['accept-language'], 413);
      return true;
    }
    const header = (name: string) => [request.headers[name]].flat()[0];
    const answer = await answerDocument(draw, {
      path,
      query: new URLSearchParams(search),
      form,
      cookie: (name) => cookieOf(request, name, instance().platformUrl),
      forwarded: { forwardedFor: header('x-forwarded-for'), requestId: header('x-request-id') },
      build: await build(),
      nonce,
    });
    response.setHeader('Cache-Control', 'private, no-cache, no-store, max-age=0, must-revalidate');
    if ('to' in answer) {
      // A script cannot see where a redirect leads before it has fetched that page too.
      if (request.headers['preau-navigation'] === 'soft')
        response.writeHead(204, { 'Preau-Location': answer.to }).end();
      else response.writeHead(request.method === 'POST' ? 303 : 307, { Location: answer.to }).end();
      return true;
    }
    response.statusCode = answer.status;
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(request.method === 'HEAD' ? undefined : answer.body);
    return true;
  };
}

/** What a form sent; null where the page is only looked at, or something else than a form was sent. */
async function formOf(request: IncomingMessage): Promise<URLSearchParams | null | 'too-large'> {
  if (request.method !== 'POST' || !request.headers['content-type']?.startsWith(FORM)) {
    request.resume();
    return null;
  }
  let text = '';
  request.setEncoding('utf8');
  for await (const part of request) {
    // A body may come without saying its length; the rest of it is read and dropped.
    if (text.length <= MAX_FORM_CHARACTERS) text += part;
  }
  return text.length > MAX_FORM_CHARACTERS ? 'too-large' : new URLSearchParams(text);
}
