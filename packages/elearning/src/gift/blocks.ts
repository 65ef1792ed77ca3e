export interface Block {
  /** Of its first line, counted from 1. */
  line: number;
  /** Without comments, trimmed. */
  text: string;
  id: string | null;
  tags: string[] | null;
}

/**
 * Cuts a file at its blank lines, except inside braces. A brace that is never closed ends with its paragraph, so that
 * it does not swallow the rest of the file.
 */
export function readBlocks(source: string): Block[] {
  const lines = source.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
  const blocks: Block[] = [];
  let comments: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    if (isComment(line) || line.trim() === '') {
      if (isComment(line)) comments.push(line);
      at++;
      continue;
    }
    const end = endOf(lines, at);
    const own = lines.slice(at, end);
    const text = own
      .filter((each) => !isComment(each))
      .join('\n')
      .trim();
    blocks.push({ line: at + 1, text, ...identify(comments) });
    comments = [];
    at = end;
  }
  return blocks;
}

const isComment = (line: string): boolean => line.trimStart().startsWith('//');

function endOf(lines: string[], start: number): number {
  if (/^\s*\$CATEGORY:/.test(lines[start] ?? '')) return start + 1;
  let depth = 0;
  let paragraph: number | null = null;
  for (let at = start; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line.trim() === '') {
      if (depth <= 0) return at;
      paragraph ??= at;
    } else if (!isComment(line)) {
      // Braces do not nest: one that opens after a blank line is the next question's.
      if (depth > 0 && paragraph !== null && bracesOf(line)[0] === '{') return paragraph;
      depth += openedBy(line);
    }
  }
  return depth > 0 && paragraph !== null ? paragraph : lines.length;
}

/** Braces that a line opens and leaves open, less those that it closes. */
function openedBy(line: string): number {
  let depth = 0;
  for (const brace of bracesOf(line)) depth += brace === '{' ? 1 : -1;
  return depth;
}

/** The unescaped braces of a line. */
const bracesOf = (line: string): string[] => line.replace(/\\./g, '').match(/[{}]/g) ?? [];

function identify(comments: string[]): Pick<Block, 'id' | 'tags'> {
  const text = comments.join('\n');
  const tags = [...text.matchAll(/\[tag:([^\]]+)\]/g)].map((match) => (match[1] ?? '').trim());
  const id = [...text.matchAll(/\[id:([^\]]+)\]/g)].at(-1)?.[1]?.trim() ?? null;
  return { id, tags: tags.length > 0 ? tags : null };
}
