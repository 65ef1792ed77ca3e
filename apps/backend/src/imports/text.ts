// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
const HOSTILE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g;

/** A line of a stranger's file as the platform takes lines: one, trimmed, without control characters. */
export function cleanLine(text: string, max: number, instead: string): string {
  const line = text.toWellFormed().replace(HOSTILE, '').replace(/\s+/g, ' ').trim();
  return [...line].slice(0, max).join('').slice(0, max).trim() || instead;
}

export const cleanParagraph = (text: string, max: number): string =>
  text.toWellFormed().replace(HOSTILE, '').trim().slice(0, max).toWellFormed();
