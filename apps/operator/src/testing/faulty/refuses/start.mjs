// A release that is healthy and whose pages fail.
import { createServer } from 'node:http';

const { INSTANCE_ID, RELEASE, LISTEN } = process.env;
createServer((request, response) => {
  const healthy = request.url === '/healthz';
  response.writeHead(healthy ? 200 : 500, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ status: 'ok', instance: INSTANCE_ID, release: RELEASE }));
}).listen(LISTEN);
process.on('SIGTERM', () => process.exit(0));
