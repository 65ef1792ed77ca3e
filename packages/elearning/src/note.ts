/**
 * What became of something that was not understood or could not be kept. `what` is a code, for which whoever
 * shows the report has a sentence:
 *
 * - `html`: tags that were dropped; their text was kept
 * - `html.active`: a script, form, style or frame that was dropped whole
 * - `block.unknown`: a kind of fenced block that is not known; kept as a note
 * - `block.unclosed`, `block.unopened`: fences without their other half
 * - `block.instructor`: notes for trainers, left out of what learners read
 * - `link.unsafe`, `link.broken`: an address that is not allowed, or leads to nothing in the package; text kept
 * - `image.missing`, `image.remote`, `image.broken`: a picture that is not in the package, lies elsewhere (kept as
 *   a link), or cannot be read
 * - `footnote`: kept in brackets
 * - `frontMatter`: YAML that could not be read
 * - `file.skipped`: a file of the package that is not used
 * - `file.unreadable`: text that is not UTF-8
 * - `episode.missing`: a file that the package's order names and that is not there
 * - `question.essay`, `question.matching`, `question.description`: of a kind that does not exist here
 *   (`question.unsupported` in reports of earlier releases)
 * - `question.gap`: answers stood inside the sentence; imported with a gap in their place
 * - `question.invalid`, `question.changed`: makes no sense, or was made to fit
 * - `content.refused`: a lesson that is too large or too deeply nested
 */
export type NoteCode =
  | 'html'
  | 'html.active'
  | 'block.unknown'
  | 'block.unclosed'
  | 'block.unopened'
  | 'block.instructor'
  | 'link.unsafe'
  | 'link.broken'
  | 'image.missing'
  | 'image.remote'
  | 'image.broken'
  | 'footnote'
  | 'frontMatter'
  | 'file.skipped'
  | 'file.unreadable'
  | 'episode.missing'
  | 'question.essay'
  | 'question.matching'
  | 'question.description'
  | 'question.unsupported'
  | 'question.gap'
  | 'question.invalid'
  | 'question.changed'
  | 'content.refused';

export interface Note {
  level: 'info' | 'warning' | 'error';
  /** Path in the package, `/` between folders. */
  file: string;
  /** Counted from 1; null where the whole file is meant. */
  line: number | null;
  what: NoteCode;
  /** At most 160 characters of the source. */
  excerpt: string;
}

/** Keeps a report readable and a hostile file's report small. */
export const MAX_NOTES = 500;

export const excerptOf = (source: string): string => {
  const line = source.replace(/\s+/g, ' ').trim();
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
};
