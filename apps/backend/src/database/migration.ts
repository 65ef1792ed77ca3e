import type { SQL } from '@payloadcms/db-postgres/drizzle';

/** What a migration may use. Not Payload: an old migration must not depend on the Payload of the day. */
export interface MigrationContext {
  db: { execute(statement: SQL): PromiseLike<unknown> };
}
