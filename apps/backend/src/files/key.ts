/** What the parts of a tenant's prefix hold. */
const AREAS = ['variants', 'imports', 'packages', 'quarantine', 'exports'] as const;
export type Area = (typeof AREAS)[number];

/**
 * Where a file lies in the store. Keys are made here and read back from the database; both ways end at the same
 * pattern, so that no name a person chose, and no `..`, is ever part of one.
 */
export type FileKey = string & { readonly brand: 'FileKey' };

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const KEY = new RegExp(
  `^files/${UUID}/(?:(?:${AREAS.join('|')})/)?(?:[0-9a-f]{2}/[0-9a-f]{64}(?:\\.[a-z0-9]{1,12}|-\\d{1,5}\\.webp)?|${UUID})$`,
);

/** A backup's manifest and rows, and the copies of files that backups of one tenant share. */
const BACKUP_KEY = new RegExp(`^backups/${UUID}/(?:${UUID}/(?:manifest|rows)|files/${UUID})$`);

/** A copy of the whole server, named by its system identifier, pieces of its log, and the keys of its machine. */
const WHOLE_KEY = new RegExp(
  `^whole/\\d{1,20}/(?:base/${UUID}/(?:manifest|data)|wal/[0-9a-f]{8}/[0-9a-f]{16}-[0-9a-f]{16}-\\d{13}|keys/\\d{13})$`,
);

/** What a store takes: a tenant's file, or a part of a backup. @throws where the text is neither */
export function storeKey(text: string): FileKey {
  if (![KEY, BACKUP_KEY, WHOLE_KEY].some((pattern) => pattern.test(text)))
    throw new Error('not a key of the store');
  return text as FileKey;
}

/** @throws where the text is no key of a tenant's file */
export function fileKey(text: string): FileKey {
  if (!KEY.test(text)) throw new Error('not a key of the store');
  return text as FileKey;
}

/** Everything of a tenant begins with this. */
export function prefixOf(tenantId: string): string {
  return `files/${fileKey(`files/${tenantId}/${tenantId}`).split('/')[1]}/`;
}

/**
 * The key of content by its SHA-256.
 * @param ending with its dot, or `-<width>.webp` for a size of a picture
 */
export function contentKey(tenantId: string, checksum: string, ending = '', area?: Area): FileKey {
  const folder = area ? `${area}/` : '';
  return fileKey(`files/${tenantId}/${folder}${checksum.slice(0, 2)}/${checksum}${ending}`);
}

/** The key of something that is kept under a random id. */
export function randomKey(tenantId: string, area: Area): FileKey {
  return fileKey(`files/${tenantId}/${area}/${crypto.randomUUID()}`);
}

export function backupKey(tenantId: string, backupId: string, part: 'manifest' | 'rows'): FileKey {
  return storeKey(`backups/${tenantId}/${backupId}/${part}`);
}

/** A new place for the copy of a file. */
export function backupFileKey(tenantId: string): FileKey {
  return storeKey(`backups/${tenantId}/files/${crypto.randomUUID()}`);
}

/** Everything that is kept of a tenant; of one backup where it is named. */
export function backupPrefixOf(tenantId: string, backupId?: string): string {
  const [root, tenant, backup] = backupKey(tenantId, backupId ?? tenantId, 'rows').split('/');
  return backupId ? `${root}/${tenant}/${backup}/` : `${root}/${tenant}/`;
}

export function wholeBaseKey(system: string, baseId: string, part: 'manifest' | 'data'): FileKey {
  return storeKey(`whole/${system}/base/${baseId}/${part}`);
}

/** Everything of one copy of the whole server. */
export function wholeBasePrefixOf(system: string, baseId: string): string {
  return wholeBaseKey(system, baseId, 'data').replace(/data$/, '');
}

/** @param piece positions in the server's log, and its clock at the end */
export function wholePieceKey(
  system: string,
  piece: { timeline: number; from: bigint; to: bigint; at: number },
): FileKey {
  const hex = (value: bigint | number, digits: number) => value.toString(16).padStart(digits, '0');
  const name = `${hex(piece.from, 16)}-${hex(piece.to, 16)}-${Math.round(piece.at)}`;
  return storeKey(`whole/${system}/wal/${hex(piece.timeline, 8)}/${name}`);
}

/** The machine's keys as they were then. */
export function wholeKeysKey(system: string, at: Date): FileKey {
  return storeKey(`whole/${system}/keys/${at.getTime()}`);
}

export function wholePrefixOf(system: string, part: 'base' | 'wal' | 'keys'): string {
  if (!/^\d{1,20}$/.test(system)) throw new Error('not the identifier of a server');
  return `whole/${system}/${part}/`;
}
