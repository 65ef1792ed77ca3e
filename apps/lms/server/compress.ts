import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const MIN_BYTES = 800;
const GZIP_LEVEL = 6;
const BROTLI_QUALITY = 4;
/** Up to here brotli saves two bytes in a hundred for three times the work (8 kB: 0.5 instead of 0.16 ms). */
const BROTLI_BYTES = 32 * 1024;
const pages = /^text\/(html|x-component)\b/;

const names = ['br', 'gzip'] as const;
const patterns = { br: /\bbr\b/, gzip: /\bgzip\b/ };

function encodingsOf(request: IncomingMessage): ('br' | 'gzip')[] {
  const accepted = request.headers['accept-encoding'];
  const list = Array.isArray(accepted) ? accepted.join() : (accepted ?? '');
  return names.filter((name) => patterns[name].test(list));
}

function compressed(body: Buffer, encoding: 'br' | 'gzip'): Buffer {
  if (encoding === 'gzip') return gzipSync(body, { level: GZIP_LEVEL });
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
  };
  return brotliCompressSync(body, { params });
}

/**
 * Compresses a page when it is complete: our pages wait for their one answer of the API and then come in one piece,
 * so that nothing would be gained by streaming. Everything else passes as it is.
 */
export function compressPages(request: IncomingMessage, response: ServerResponse): void {
  const encodings = encodingsOf(request);
  if (encodings.length === 0 || request.method === 'HEAD') return;
  const chunks: Buffer[] = [];
  const { write, end } = response;
  let passes: boolean | undefined;
  const passing = () => {
    passes ??= !pages.test(String(response.getHeader('content-type') ?? '')) || response.headersSent;
    return passes;
  };
  const keep = (chunk: unknown, charset: unknown) => {
    if (typeof chunk === 'string')
      chunks.push(Buffer.from(chunk, typeof charset === 'string' ? (charset as BufferEncoding) : 'utf8'));
    else if (chunk instanceof Uint8Array)
      chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  };

  // Next sends the head before the body: here it waits for the body's length.
  const { flushHeaders } = response;
  response.flushHeaders = () => {
    if (passing()) flushHeaders.call(response);
  };

  response.write = ((...args: unknown[]) => {
    if (passing()) return Reflect.apply(write, response, args) as boolean;
    keep(args[0], args[1]);
    const done = args.findLast((argument) => typeof argument === 'function');
    if (typeof done === 'function') process.nextTick(done);
    return true;
  }) as typeof response.write;

  response.end = ((...args: unknown[]) => {
    if (passing()) return Reflect.apply(end, response, args) as ServerResponse;
    keep(args[0], args[1]);
    const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    const chosen = encodings.includes('br') && (body.length > BROTLI_BYTES || encodings.length === 1);
    const encoding = chosen ? 'br' : 'gzip';
    const small = body.length < MIN_BYTES;
    const sent = small ? body : compressed(body, encoding);
    if (!small) response.setHeader('Content-Encoding', encoding);
    response.appendHeader('Vary', 'Accept-Encoding');
    response.setHeader('Content-Length', sent.length);
    response.write = write;
    response.end = end;
    return response.end(sent, args.findLast((argument) => typeof argument === 'function') as () => void);
  }) as typeof response.end;
}
