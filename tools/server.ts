/** The database of this machine's platform, for what looks at it from outside, whether it runs or not. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrapRoles } from '../apps/backend/src/database/roles.ts';
import { startPostgres } from './postgres.ts';
import { secrets } from './secrets.ts';
import { Refusal } from './terminal.ts';

export interface Server {
  ownerUrl: string | undefined;
  platformUrl: string;
  tenantUrl: string;
  backupUrl: string | undefined;
  replicationUrl: string | undefined;
  leave(): Promise<void>;
}

/** @throws Refusal where no platform has run in the data folder */
export async function findServer(dataDir: string): Promise<Server> {
  const {
    DATABASE_OWNER_URL,
    DATABASE_PLATFORM_URL,
    DATABASE_TENANT_URL,
    DATABASE_BACKUP_URL,
    DATABASE_REPLICATION_URL,
    DATABASE_URL,
  } = process.env;
  if (DATABASE_PLATFORM_URL && DATABASE_TENANT_URL)
    return {
      ownerUrl: DATABASE_OWNER_URL,
      platformUrl: DATABASE_PLATFORM_URL,
      tenantUrl: DATABASE_TENANT_URL,
      backupUrl: DATABASE_BACKUP_URL,
      replicationUrl: DATABASE_REPLICATION_URL,
      leave: async () => {},
    };
  if (!DATABASE_URL && !existsSync(join(dataDir, 'postgres/cluster')))
    throw new Refusal(`No platform has run on this machine yet: there is no database in ${dataDir}.`);
  // A platform that runs keeps its server.
  const ours = !DATABASE_URL && !existsSync(join(dataDir, 'postgres/cluster/postmaster.pid'));
  const postgres = DATABASE_URL
    ? { url: DATABASE_URL, stop: async () => {} }
    : await startPostgres({ dataDir });
  const { databaseSecret } = await secrets(dataDir);
  const urls = await bootstrapRoles({
    superuserUrl: postgres.url,
    database: 'preau',
    passwordSecret: databaseSecret,
  });
  return { ...urls, leave: ours ? postgres.stop : async () => {} };
}
