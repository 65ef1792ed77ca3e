/** What copies of the whole server are made with and read from, for the commands of this machine. */
import { type Backups, openBackups } from '../apps/backend/src/backups/place.ts';
import { identify, openReplication } from '../apps/backend/src/backups/whole/replication.ts';
import { secrets } from './secrets.ts';
import type { Server } from './server.ts';
import { Refusal } from './terminal.ts';

/** @throws Refusal where backups are not set up */
export async function backupsOf(dataDir: string, { backupUrl }: Pick<Server, 'backupUrl'>): Promise<Backups> {
  const { env } = process;
  const backups = await openBackups({
    ...env,
    DATA_DIR: dataDir,
    S3_REGION: env.S3_REGION ?? 'eu-west-3',
    BACKUP_KEYS: env.BACKUP_KEYS?.split(',') ?? [(await secrets(dataDir)).backupKey],
    DATABASE_BACKUP_URL: backupUrl,
  });
  if (!backups) throw new Refusal('Backups are not set up: BACKUP_KEYS or DATABASE_BACKUP_URL is missing.');
  return backups;
}

/** The identifier of the server that an address leads to. */
export async function systemOf(replicationUrl: string): Promise<string> {
  const client = await openReplication(replicationUrl);
  try {
    return (await identify(client)).system;
  } finally {
    await client.end();
  }
}
