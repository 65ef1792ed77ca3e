/** How strictly a typed answer is compared with an accepted one. */
export interface Comparison {
  caseSensitive: boolean;
  accentSensitive: boolean;
}

/**
 * Whether a typed answer is the accepted one. Runs of white space count as one space, typographic quotes and
 * apostrophes as plain ones. In the accepted answer `*` stands for anything, `\*` for an asterisk.
 */
export function matches(typed: string, accepted: string, comparison: Comparison): boolean {
  const pieces = accepted.split(/(?<!\\)\*/).map((piece) => fold(piece.replaceAll('\\*', '*'), comparison));
  const text = fold(typed, comparison).trim();
  if (pieces.length === 1) return text === pieces[0]?.trim();
  // Pieces must follow one another; the leftmost fit of each leaves most room for the next.
  const first = (pieces[0] ?? '').trimStart();
  const last = (pieces.at(-1) ?? '').trimEnd();
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
    return false;
  let from = first.length;
  const until = text.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, from);
    if (found < 0 || found + piece.length > until) return false;
    from = found + piece.length;
  }
  return true;
}

function fold(text: string, { caseSensitive, accentSensitive }: Comparison): string {
  let folded = text
    .normalize('NFKC')
    .replace(/[‘’ʼ]/g, "'")
    .replace(/[“”«»]/g, '"')
    .replace(/\s+/g, ' ');
  if (!accentSensitive)
    folded = folded
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .replace(/œ/g, 'oe')
      .replace(/Œ/g, 'OE')
      .replace(/æ/g, 'ae')
      .replace(/Æ/g, 'AE');
  return caseSensitive ? folded : folded.toLowerCase();
}
