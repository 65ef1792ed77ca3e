/**
 * The least that could answer: node:http and one prepared statement, for one tenant, without identity, rights or
 * contract. What the API is compared with. Runs as a process of its own: `node bench/bare.ts <url> <tenant> <activity>`.
 */
import { createServer } from 'node:http';
import pg from 'pg';

const CONNECTIONS = 12;
const [connectionString, tenantId, activityId] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString, max: CONNECTIONS, options: `-c app.tenant_id=${tenantId}` });

const statements: Record<string, pg.QueryConfig> = {
  '/courses': {
    name: 'courses',
    text: `SELECT c.id, c.slug, c.title, c.summary FROM courses c WHERE c.listed ORDER BY c.title, c.id LIMIT 25`,
  },
  '/lesson': {
    name: 'lesson',
    text: 'SELECT id, type, title, content FROM activities WHERE id = $1',
    values: [activityId],
  },
};

const server = createServer((request, response) => {
  const statement = statements[request.url ?? ''];
  if (!statement) {
    response.writeHead(404).end();
    return;
  }
  pool.query(statement).then(
    ({ rows }) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(rows));
    },
    () => response.writeHead(500).end(),
  );
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
