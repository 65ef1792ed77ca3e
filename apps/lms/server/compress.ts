import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const MIN_BYTES = 800;
const GZIP_LEVEL = 3;
/** A quarter of a millisecond for a course page of 50 kB, which becomes 6 kB: less than sending it costs. */
const BROTLI_QUALITY = 4;
const pages = /^text\/(html|x-component)\b/;

function encodingOf(request: IncomingMessage): 'br' | 'gzip' | null {
  const accepted = request.headers['accept-encoding'];
  const list = Array.isArray(accepted) ? accepted.join() : (accepted ?? '');
  return /\bbr\b/.test(list) ? 'br' : /\bgzip\b/.test(list) ? 'gzip' : null;
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
  const encoding = encodingOf(request);
  if (!encoding || request.method === 'HEAD') return;
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
