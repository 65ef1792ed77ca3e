/**
 * Reads a number as a learner types it: « 1 234,5 », « 1.234,5 », « 1,234.5 », « −3 », « 2,5e3 ».
 * A lone comma is a decimal comma; a separator that occurs several times, or the first of two kinds, groups
 * digits. Answers null when it is not a number.
 */
export function parseNumber(typed: string): number | null {
  const text = typed
    .normalize('NFKC')
    .replace(/[\s'’]/g, '')
    .replace(/[−–]/g, '-');
  const commas = text.split(',').length - 1;
  const points = text.split('.').length - 1;
  const decimal =
    commas && points ? (text.lastIndexOf(',') > text.lastIndexOf('.') ? ',' : '.') : commas === 1 ? ',' : '.';
  if (decimal === ',' ? commas > 1 : points > 1 && commas > 0) return null;
  const grouping = decimal === ',' ? '.' : ',';
  const plain =
    decimal === '.' && points > 1
      ? text.replaceAll('.', '')
      : text.replaceAll(grouping, '').replace(decimal, '.');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}
