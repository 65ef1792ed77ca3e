// A release whose log-in page works and whose course page does not.
import { createServer } from 'node:http';

const { INSTANCE_ID, RELEASE, LISTEN } = process.env;
const pages = {
  '/healthz': JSON.stringify({ status: 'ok', instance: INSTANCE_ID, release: RELEASE }),
  '/sign-in': 'sign in',
  '/catalogue': '<a href="/courses/premiers-pas">Premiers pas</a>',
};
createServer((request, response) => {
  const page = pages[request.url];
  response.writeHead(page ? 200 : 500).end(page);
}).listen(LISTEN);
process.on('SIGTERM', () => process.exit(0));
