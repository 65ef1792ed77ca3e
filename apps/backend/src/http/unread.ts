import type { Duplex } from 'node:stream';

/** Node's parser in its own words (`http.Server`, event `clientError`). */
const STATUS: Record<string, string> = {
  // Whoever sends too slowly; or a whole request that this process, busy for long, has not come to read. The sender
  // may repeat it on another connection (RFC 9110, 15.5.9): it was not carried out.
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Content Too Large',
};

/** Answers what could not be read as a request, and closes: nothing tells where the next one would begin. */
export function refuseUnread(error: Error, socket: Duplex): void {
  if (!socket.writable) return;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const status = STATUS[code] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
