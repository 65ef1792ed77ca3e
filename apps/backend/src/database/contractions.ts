/**
 * What a migration may not do while a process of the former release serves from the same tables (decision 134): take
 * away or rename what that reads, or refuse what it writes.
 */
const CONTRACTIONS: [RegExp, string][] = [
  [/\bDROP (TABLE|TYPE|VIEW|SCHEMA|FUNCTION)\b/i, 'takes it away'],
  [/\bDROP COLUMN\b/i, 'takes a column away'],
  [/\bRENAME\b/i, 'renames'],
  [/\bALTER COLUMN \S+ (SET DATA )?TYPE\b/i, 'changes a type'],
  [/\bALTER COLUMN \S+ SET NOT NULL\b/i, 'refuses rows without a value'],
  [/\bALTER COLUMN \S+ DROP DEFAULT\b/i, 'refuses rows that leave a value to its default'],
  [/\bADD COLUMN (?!.*\bDEFAULT\b).*\bNOT NULL\b/is, 'refuses rows without a column that is new'],
  [/\bADD CONSTRAINT\b.*\b(UNIQUE|CHECK|EXCLUDE)\b/is, 'refuses rows that it took'],
  [/\bCREATE UNIQUE INDEX\b/i, 'refuses rows that it took'],
  [/^(TRUNCATE|DELETE FROM)\b/i, 'deletes rows'],
];

/** @returns one line for each statement of a migration that contracts; what it creates itself it may shape */
export function contractions(migration: string): string[] {
  const up =
    /export async function up\b([\s\S]*?)(?=export async function down\b|$)/.exec(migration)?.[1] ?? '';
  const statements = [...up.matchAll(/sql(?:\.raw\()?`([\s\S]*?)`/g)].flatMap(([, text = '']) =>
    text.split(/;\s*(?:\n|$)/).map((statement) => statement.trim()),
  );
  const created = new Set(
    statements.flatMap((statement) => /^CREATE TABLE (?:IF NOT EXISTS )?(\S+)/i.exec(statement)?.[1] ?? []),
  );
  return statements.flatMap((statement) => {
    const table = /^(?:ALTER TABLE (?:IF EXISTS )?(?:ONLY )?|CREATE UNIQUE INDEX .*? ON )(\S+)/is.exec(
      statement,
    )?.[1];
    if (table && created.has(unqualified(table, created))) return [];
    const found = CONTRACTIONS.find(([pattern]) => pattern.test(statement));
    return found ? [`${found[1]}: ${statement.replaceAll(/\s+/g, ' ').slice(0, 120)}`] : [];
  });
}

const unqualified = (table: string, known: Set<string>): string =>
  known.has(table) ? table : table.replace(/^"public"\./, '');
