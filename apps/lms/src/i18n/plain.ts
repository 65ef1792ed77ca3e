/** Text and the names of what stands between its pieces, in turn. */
type Pieces = string[];

const isPlain = /^[^{}'<]*(?:\{\w+\}[^{}'<]*)*$/;

/**
 * Splits a message that only puts values into places (`Terminée le {date}`), for which ICU's machinery costs ten
 * times more than the text; null for plurals, choices, quotes and tags.
 */
export function readPlain(message: string): Pieces | null {
  return isPlain.test(message) ? message.split(/[{}]/) : null;
}

/** Fills the places of a plain message. */
export function fillPlain(pieces: Pieces, values: Record<string, unknown>): string {
  let text = '';
  for (let i = 0; i < pieces.length; i += 1)
    text += i % 2 === 0 ? pieces[i] : String(values[pieces[i] ?? ''] ?? '');
  return text;
}
