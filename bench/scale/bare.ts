/**
 * What the API is compared with: node:http and one prepared statement a request, as a role that sees everything; no
 * identity, rights, row-level security, validation or evaluation. A process of its own, told by one line of JSON on
 * its standard input: what it answers beside the row is the API's own answer, recorded.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import pg from 'pg';
import { genericPath, hotPaths } from './paths.ts';
import type { Learner } from './plant.ts';

/** As many as the backend's tenant pool. */
const CONNECTIONS = 12;

export interface BareSettings {
  databaseUrl: string;
  learners: Learner[];
  /** By the path's name and the learner's number. */
  recorded: Record<string, unknown[]>;
}

const paths = [...hotPaths, genericPath];

async function serve({ databaseUrl, learners, recorded }: BareSettings): Promise<void> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS });
  let n = 0;
  const server = createServer((request, response) => {
    const [, path = '', learner = ''] = (request.url ?? '').split('/');
    const hot = paths[Number(path)];
    const person = learners[Number(learner)];
    if (!hot || !person) {
      response.writeHead(404).end();
      return;
    }
    n += 1;
    request.resume();
    pool
      .query({ name: path, text: hot.bare.sql, values: hot.bare.values(person, n) })
      .then(({ rows }) => {
        if (hot.bare.answers === 'nothing') {
          response.writeHead(204).end();
          return;
        }
        const known = recorded[hot.name]?.[Number(learner)];
        const body = JSON.stringify(hot.bare.answers === 'row' ? Object.assign({}, known, rows[0]) : known);
        response.writeHead(200, {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        });
        response.end(body);
      })
      .catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address && typeof address === 'object') process.stdout.write(`${address.port}\n`);
  });
}

if (import.meta.main) {
  let input = '';
  process.stdin.setEncoding('utf8').on('data', (chunk) => {
    input += chunk;
  });
  await once(process.stdin, 'end');
  await serve(JSON.parse(input) as BareSettings);
}
