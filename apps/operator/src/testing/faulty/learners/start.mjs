// A release that works for visitors of a private catalogue, and fails on the course page of those who are signed in.
import { createServer } from 'node:http';

const { INSTANCE_ID, RELEASE, LISTEN } = process.env;
createServer((request, response) => {
  const signedIn = request.headers.cookie?.startsWith('session=') && request.url.startsWith('/courses/');
  response.writeHead(signedIn ? 500 : 200);
  response.end(JSON.stringify({ status: 'ok', instance: INSTANCE_ID, release: RELEASE }));
}).listen(LISTEN);
process.on('SIGTERM', () => process.exit(0));
