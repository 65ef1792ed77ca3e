import { sql } from '@payloadcms/db-postgres/drizzle';
import { drizzle } from '@payloadcms/db-postgres/drizzle/node-postgres';
import pg from 'pg';
import { migrations } from '../migrations/index.ts';
import { isolate } from './isolation.ts';
import { patiently } from './patience.ts';

const LOCK = 7_246_002;

/**
 * Brings the schema up to date, one process at a time, then isolates it. Runs Payload's migration files
 * without Payload itself, which would cost a second of every start.
 * @param ownerUrl the role that owns the tables; nothing else uses it
 * @param say told what happens, one line for each migration
 */
export async function migrate(ownerUrl: string, say: (line: string) => void): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'preau-migrate' });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const done = await appliedMigrations(client);
    const batch = Math.max(0, ...done.values()) + 1;
    for (const migration of migrations.filter(({ name }) => !done.has(name))) {
      say(`migrating ${migration.name}`);
      await patiently(client, async () => {
        const db = drizzle({ client });
        await migration.up({ db });
        await db.execute(
          sql`INSERT INTO payload_migrations (id, name, batch) VALUES (gen_random_uuid(), ${migration.name}, ${batch})`,
        );
      });
    }
    say('isolating tenants');
    await isolate(client);
  } finally {
    await client.end();
  }
}

/** Names of what ran, with the batch it ran in. */
async function appliedMigrations(client: pg.Client): Promise<Map<string, number>> {
  const known = await client.query(`SELECT to_regclass('public.payload_migrations') AS found`);
  if (known.rows[0]?.found === null) return new Map();
  const { rows } = await client.query<{ name: string; batch: string | null }>(
    'SELECT name, batch FROM payload_migrations',
  );
  return new Map(rows.map(({ name, batch }) => [name, Number(batch ?? 0)]));
}
