import type { Settings } from '../settings.ts';
import { folderStore } from './folder.ts';
import type { FileStore } from './store.ts';

/** The store that the settings choose: a bucket where there is one, else a folder. */
export async function openFileStore(settings: Settings): Promise<FileStore> {
  const { S3_BUCKET, S3_ENDPOINT, S3_REGION, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = settings;
  if (!S3_BUCKET) return folderStore(settings.DATA_DIR);
  // Loaded where it is used: the client is larger than the rest of the backend.
  const { bucketStore } = await import('./bucket.ts');
  return bucketStore({
    bucket: S3_BUCKET,
    endpoint: S3_ENDPOINT,
    region: S3_REGION,
    accessKeyId: S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: S3_SECRET_ACCESS_KEY ?? '',
  });
}
