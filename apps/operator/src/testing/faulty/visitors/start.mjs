// A release that passes every check and fails once visitors come.
import { createServer } from 'node:http';

const { INSTANCE_ID, RELEASE, LISTEN } = process.env;
let answered = 0;
createServer((request, response) => {
  if (request.url === '/healthz') {
    response.end(JSON.stringify({ status: 'ok', instance: INSTANCE_ID, release: RELEASE }));
    return;
  }
  answered += 1;
  // The check, the catalogue, a course, and the first look through the gateway.
  response.writeHead(answered > 4 ? 500 : 200).end('page');
}).listen(LISTEN);
process.on('SIGTERM', () => process.exit(0));
