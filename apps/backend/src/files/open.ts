import type { Settings } from '../settings.ts';
import type { BucketSettings } from './bucket.ts';
import { folderStore } from './folder.ts';
import type { FileStore } from './store.ts';

/** The store that the settings choose: a bucket where there is one, else a folder. */
export async function openFileStore(settings: StoreSettings): Promise<FileStore> {
  const { S3_BUCKET, S3_ENDPOINT, S3_REGION, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = settings;
  if (!S3_BUCKET) return folderStore(settings.DATA_DIR);
  return openBucket({
    bucket: S3_BUCKET,
    endpoint: S3_ENDPOINT,
    region: S3_REGION,
    accessKeyId: S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: S3_SECRET_ACCESS_KEY ?? '',
  });
}

type StoreSetting = Extract<
  keyof Settings,
  `BACKUP_S3_${string}` | `S3_${string}` | 'BACKUP_DIR' | 'DATA_DIR'
>;
export type StoreSettings = Partial<Pick<Settings, StoreSetting>> & Pick<Settings, 'DATA_DIR' | 'S3_REGION'>;

/** Where backups lie: a bucket of their own, or a folder. */
export async function openBackupStore(settings: StoreSettings): Promise<FileStore> {
  if (!settings.BACKUP_S3_BUCKET) return folderStore(settings.BACKUP_DIR ?? settings.DATA_DIR);
  return openBucket({
    bucket: settings.BACKUP_S3_BUCKET,
    endpoint: settings.BACKUP_S3_ENDPOINT ?? settings.S3_ENDPOINT,
    region: settings.BACKUP_S3_REGION ?? settings.S3_REGION,
    accessKeyId: settings.BACKUP_S3_ACCESS_KEY_ID ?? settings.S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: settings.BACKUP_S3_SECRET_ACCESS_KEY ?? settings.S3_SECRET_ACCESS_KEY ?? '',
  });
}

async function openBucket(settings: BucketSettings): Promise<FileStore> {
  // Loaded where it is used: the client is larger than the rest of the backend.
  const { bucketStore } = await import('./bucket.ts');
  return bucketStore(settings);
}
