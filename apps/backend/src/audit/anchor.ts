import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../app.ts';
import type { Db } from '../database/db.ts';
import { grown } from './growth.ts';
import { record } from './record.ts';

/** Longer than a transaction may last: what was noted and not yet seen may still be committing. */
const SETTLED_MS = 90_000;
const BATCH = 500;

export interface Head {
  chain: string;
  seq: number;
  hash: string;
}

/** The last entry of the log of a scope; undefined before the first. */
export function readHead(db: Db): Promise<Omit<Head, 'chain'> | undefined> {
  return db.maybe(db.scope.kind === 'tenant' ? HEAD.tenant : HEAD.platform);
}

/** A file beside the database, which whoever changes the database does not change along. */
export const anchorFile = (dataDir: string) => join(dataDir, 'audit', 'anchors.jsonl');

/** Of a round: what the platform's log says of it. */
export function digestOfRound(heads: readonly Head[]): string {
  const lines = heads.map(({ chain, seq, hash }) => `${chain} ${seq} ${hash}\n`).sort();
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/**
 * Writes the ends of the logs that have grown into the platform's database and, by their digest, into its log; and
 * the end of the platform's own log into a file. @param all look at every tenant, as after a start
 */
export async function anchor(app: App, all: boolean): Promise<{ anchored: number }> {
  const platform = app.db({ kind: 'platform' });
  const noted = all ? await platform.query<{ id: string }>(LIVING) : [];
  const candidates = new Set([...grown.keys(), ...noted.map(({ id }) => id)]);
  const before = Date.now() - SETTLED_MS;
  for (const [tenantId, at] of grown) if (at < before) grown.delete(tenantId);
  const heads: Head[] = [];
  for (const tenantId of candidates) {
    const head = await readHead(app.db({ kind: 'tenant', tenantId }));
    if (head) heads.push({ chain: tenantId, ...head });
  }
  let anchored = 0;
  for (let start = 0; start < heads.length; start += BATCH) {
    anchored += await writeRound(platform, heads.slice(start, start + BATCH));
  }
  await writeFileAnchor(app, platform);
  return { anchored };
}

async function writeRound(platform: Db, heads: Head[]): Promise<number> {
  return platform.transaction(async (tx) => {
    const known = await tx.query<{ chain: string; seq: number }>(NEWEST, [heads.map(({ chain }) => chain)]);
    const seen = new Map(known.map(({ chain, seq }) => [chain, seq]));
    const fresh = heads.filter(({ chain, seq }) => seq > (seen.get(chain) ?? 0));
    if (fresh.length === 0) return 0;
    const round = randomUUID();
    await tx.query(INSERT, [
      round,
      fresh.map(({ chain }) => chain),
      fresh.map(({ seq }) => seq),
      fresh.map(({ hash }) => hash),
    ]);
    await record(tx, {
      action: 'audit.anchored',
      target: round,
      details: { logs: fresh.length, digest: digestOfRound(fresh) },
    });
    return fresh.length;
  });
}

const written = new Map<string, number>();

async function writeFileAnchor(app: App, platform: Db): Promise<void> {
  const head = await readHead(platform);
  const path = anchorFile(app.settings.DATA_DIR);
  if (!head || written.get(path) === head.seq) return;
  await mkdir(join(app.settings.DATA_DIR, 'audit'), { recursive: true });
  const file = await open(path, 'a', 0o600);
  try {
    await file.appendFile(
      `${JSON.stringify({ at: new Date().toISOString(), chain: 'platform', ...head })}\n`,
    );
    await file.sync();
  } finally {
    await file.close();
  }
  written.set(path, head.seq);
}

const HEAD = {
  tenant: 'SELECT e.seq::int, e.hash FROM audit_entries e ORDER BY e.seq DESC LIMIT 1',
  platform: 'SELECT e.seq::int, e.hash FROM platform_audit_entries e ORDER BY e.seq DESC LIMIT 1',
};
const LIVING = `SELECT id FROM tenants WHERE state NOT IN ('purged', 'aside')`;
const NEWEST = `SELECT chain, max(seq)::int AS seq FROM audit_anchors WHERE chain = ANY ($1::text[]) GROUP BY chain`;
const INSERT = `
INSERT INTO audit_anchors (round, chain, seq, hash)
SELECT $1, a.chain, a.seq, a.hash FROM unnest($2::text[], $3::int[], $4::text[]) AS a (chain, seq, hash)`;
