import { branding, id, instant, locale } from '@preau/contract';
import { z } from 'zod';

/** A table as it was: what its rows had, how many there were, and what they add up to. */
const tableEntry = z.object({
  name: z.string().regex(/^[a-z_][a-z0-9_]*$/),
  columns: z.array(z.string().regex(/^[a-z_][a-z0-9_]*$/)),
  rows: z.int().nonnegative(),
  /** `checksum.ts`: the same whatever the order of the rows. */
  checksum: z.string(),
});
export type TableEntry = z.infer<typeof tableEntry>;

/** A file of the tenant, and where its sealed copy lies in the backup's store. */
const fileEntry = z.object({
  key: z.string(),
  bytes: z.int().nonnegative(),
  modifiedAt: instant,
  sha256: z.string(),
  copy: z.string(),
});
export type FileEntry = z.infer<typeof fileEntry>;

export const manifest = z.object({
  format: z.literal('preau-backup-1'),
  backupId: id,
  tenantId: id,
  takenAt: instant,
  /** The last migration of the schema. A backup from a schema that we do not know is not restored. */
  migration: z.string(),
  /**
   * What the platform's own tables said of the tenant. It is told for whoever must set a platform up anew; a restore
   * leaves the platform's tables alone, for what was bought since is still bought.
   */
  platform: z.object({
    slug: z.string(),
    name: z.string(),
    entitlements: z.unknown(),
    instance: z.object({ id, locale, branding, plan: z.string(), planVersion: z.int() }).nullable(),
    organisation: z.object({ id, name: z.string() }).nullable(),
  }),
  /** The end of the tenant's log then: a restored platform's log names it. */
  logHead: z.object({ seq: z.int(), hash: z.string() }).nullable(),
  tables: z.array(tableEntry),
  /** Of the rows as they are written, before compression. */
  rows: z.object({ bytes: z.int().nonnegative(), sha256: z.string() }),
  files: z.array(fileEntry),
});
export type Manifest = z.infer<typeof manifest>;
