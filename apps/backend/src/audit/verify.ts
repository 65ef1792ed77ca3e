import { readFile } from 'node:fs/promises';
import type { Breach, Verification } from '@preau/contract/audit';
import type { Db } from '../database/db.ts';
import { anchorFile, digestOfRound, type Head } from './anchor.ts';
import { BEGINNING, commitmentOf, hashOf, NO_PARTICULARS } from './entry.ts';
import { type StoredEntry, storedEntries } from './stored.ts';

/** Ends of a log that were written down elsewhere. */
type Anchors = readonly Omit<Head, 'chain'>[];

/** Walks a whole log and says where it is broken first. @param anchors what is known of it from elsewhere */
export async function verify(db: Db, anchors: Anchors): Promise<Verification> {
  const expected = new Map(anchors.map(({ seq, hash }) => [seq, hash]));
  const anchoredSeq = anchors.length > 0 ? Math.max(...anchors.map(({ seq }) => seq)) : null;
  let head: Verification['head'] = null;
  let erased = 0;
  let entries = 0;
  let breach: Breach | null = null;
  for await (const entry of storedEntries(db)) {
    const reason = reasonOf(entry, head, expected);
    if (reason) {
      breach = { seq: reason === 'gap' ? (head?.seq ?? 0) + 1 : entry.seq, reason };
      break;
    }
    if (entry.commitment !== NO_PARTICULARS && !entry.particulars) erased += 1;
    entries += 1;
    head = { seq: entry.seq, hash: entry.hash };
  }
  if (!breach && anchoredSeq !== null && anchoredSeq > (head?.seq ?? 0)) {
    breach = { seq: (head?.seq ?? 0) + 1, reason: 'tail' };
  }
  return {
    intact: breach === null,
    entries,
    head,
    anchoredSeq,
    erased,
    breach,
    checkedAt: new Date().toISOString(),
  };
}

function reasonOf(
  entry: StoredEntry,
  head: Verification['head'],
  expected: ReadonlyMap<number, string>,
): Breach['reason'] | null {
  if (entry.seq !== (head?.seq ?? 0) + 1) return 'gap';
  if (entry.previous !== (head?.hash ?? BEGINNING)) return 'link';
  if (entry.hash !== hashOf(entry)) return 'content';
  if (entry.particulars && commitmentOf(entry.particulars) !== entry.commitment) return 'particulars';
  const anchored = expected.get(entry.seq);
  return anchored !== undefined && anchored !== entry.hash ? 'anchor' : null;
}

/** The newest anchor of a tenant's log: the chain before it follows from it. */
export async function anchorsOf(platform: Db, tenantId: string): Promise<Anchors> {
  return platform.query<{ seq: number; hash: string }>(
    'SELECT a.seq::int, a.hash FROM audit_anchors a WHERE a.chain = $1 ORDER BY a.seq DESC LIMIT 1',
    [tenantId],
  );
}

/** What the file beside the database says of the platform's log. @throws where a line is unreadable */
export async function anchorsInFile(dataDir: string): Promise<Anchors> {
  const text = await readFile(anchorFile(dataDir), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const parsed: unknown = JSON.parse(line);
      if (typeof parsed !== 'object' || parsed === null || !('seq' in parsed) || !('hash' in parsed)) {
        throw new Error(`a line of ${anchorFile(dataDir)} is no anchor: ${line.slice(0, 100)}`);
      }
      return { seq: Number(parsed.seq), hash: String(parsed.hash) };
    });
}

/** The platform's log against its file, and the anchors against the rounds that the log names. */
export async function verifyPlatform(platform: Db, dataDir: string): Promise<Verification> {
  const walked = await verify(platform, await anchorsInFile(dataDir));
  if (walked.breach) return walked;
  const rounds = await platform.query<{ seq: number; round: string; details: string }>(ROUNDS);
  const heads = await platform.query<Head & { round: string }>(
    'SELECT a.round, a.chain, a.seq::int, a.hash FROM audit_anchors a',
  );
  const byRound = Map.groupBy(heads, ({ round }) => round);
  for (const { seq, round, details } of rounds) {
    const said: unknown = JSON.parse(details);
    const digest = typeof said === 'object' && said !== null && 'digest' in said ? said.digest : undefined;
    if (digest !== digestOfRound(byRound.get(round) ?? []))
      return { ...walked, intact: false, breach: { seq, reason: 'anchor' } };
  }
  return walked;
}

const ROUNDS = `
SELECT e.seq::int, e.target AS round, e.details FROM platform_audit_entries e
WHERE e.action = 'audit.anchored' ORDER BY e.seq`;
