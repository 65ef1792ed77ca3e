import type { App } from '../app.ts';
import { fileKey } from '../files/key.ts';

/** Deletes the file of an export; its row stays as what happened. */
export async function removeFile(
  app: Pick<App, 'db' | 'files'>,
  { id, path }: { id: string; path: string },
): Promise<void> {
  await app.files.remove(fileKey(path));
  await app
    .db({ kind: 'platform' })
    .query(
      'UPDATE exports SET path = NULL, expires_at = least(expires_at, now()), updated_at = now() WHERE id = $1',
      [id],
    );
}

/** Deletes the files of exports whose time is over, and rows that nobody needs any more. */
export async function expireExports(app: Pick<App, 'db' | 'files'>): Promise<void> {
  const platform = app.db({ kind: 'platform' });
  const over = await platform.query<{ id: string; path: string }>(
    'SELECT id, path FROM exports WHERE path IS NOT NULL AND expires_at < now()',
  );
  for (const each of over) await removeFile(app, each);
  await platform.query(`DELETE FROM exports WHERE path IS NULL AND finished_at < now() - interval '90 days'`);
}
