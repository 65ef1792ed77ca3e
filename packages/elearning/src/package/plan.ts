/* Which files of a package become which modules and lessons, before any of them is cut. */

import { wordsOf } from '../markdown/inline.ts';
import type { MarkdownFile } from '../markdown.ts';
import { folderOf, nameOf, naturally, titleOfName } from './files.ts';

/** A file and how it is cut at its headings: not at all, into lessons, or into modules (and these into lessons). */
export interface PlannedFile {
  path: string;
  cut: 'none' | 'lessons' | 'modules';
}
export interface PlannedModule {
  /** Null: the title of its first file. */
  title: string | null;
  summary: string;
  files: PlannedFile[];
}

const whole = (path: string): PlannedFile => ({ path, cut: 'none' });

/** What describes a package and teaches nothing. */
const ABOUT =
  /^(license|licence|contributing|code_of_conduct|conduct|changelog|authors|citation|readme|index|_index|summary|links|notes)(\.\w+)?$/i;
const INDEX = /^(readme|index|_index)\.(md|markdown|qmd|rmd)$/i;

export const isIndex = (path: string): boolean => INDEX.test(nameOf(path));

export interface PlanInput {
  files: Map<string, MarkdownFile>;
  courseTitle: string;
  /** Titles of modules that no file names. */
  words: { before: string; resources: string };
  /** Order of the episodes as the package declares it; null where it is no Carpentries lesson. */
  episodes: string[] | null;
}

export function planModules(input: PlanInput): PlannedModule[] {
  return input.episodes ? planEpisodes(input, input.episodes) : planFolders(input);
}

/**
 * A Carpentries lesson: an episode, of about half an hour, is a module; its second-level headings are the lessons.
 * The set-up comes first, since nothing works without it; glossary and further reading last.
 */
function planEpisodes({ files, words }: PlanInput, episodes: string[]): PlannedModule[] {
  const learners = [...files.keys()].filter((path) => /^(learners|_extras)\//.test(path)).sort(naturally);
  const isSetup = (path: string) => /^setup\./i.test(nameOf(path));
  const before = learners.filter(isSetup);
  const after = learners.filter((path) => !isSetup(path) && !ABOUT.test(nameOf(path)));

  return [
    { title: words.before, summary: '', files: before.map(whole) },
    ...episodes.map((path) => ({ title: null, summary: '', files: [{ path, cut: 'lessons' as const }] })),
    { title: words.resources, summary: '', files: after.map(whole) },
  ].filter((module) => module.files.length > 0);
}

function planFolders({ files, courseTitle }: PlanInput): PlannedModule[] {
  const taught = [...files.keys()].filter((path) => !ABOUT.test(nameOf(path)));
  const folders = [...new Set(taught.map(folderOf))];
  if (taught.length <= 1) return planSingle(files, taught[0] ?? [...files.keys()].find(isIndex));
  if (folders.length === 1) return planFlat(files, inOrder(files, taught), courseTitle);
  folders.sort((a, b) => rankOfFolder(files, a) - rankOfFolder(files, b) || naturally(a, b));
  return folders.map((folder) => {
    const index = [...files.keys()].find((path) => folderOf(path) === folder && isIndex(path));
    const front = index === undefined ? {} : (files.get(index)?.frontMatter ?? {});
    const own = inOrder(
      files,
      taught.filter((path) => folderOf(path) === folder),
    );
    const opens = index !== undefined && folder !== '' && hasText(files.get(index));
    const titled = titleOf(index === undefined ? undefined : files.get(index));
    return {
      title: folder === '' ? courseTitle : (titled ?? titleOfName(nameOf(folder))),
      summary: textOf(front.description) ?? textOf(front.summary) ?? '',
      files: [...(opens ? [index] : []), ...own].map(whole),
    };
  });
}

/** One file: its highest repeated headings are the modules, those below them the lessons. */
function planSingle(files: Map<string, MarkdownFile>, path: string | undefined): PlannedModule[] {
  const file = path === undefined ? undefined : files.get(path);
  if (!file || path === undefined) return [];
  const cut = moduleDepth(file) === null ? 'none' : 'modules';
  return [{ title: null, summary: '', files: [{ path, cut }] }];
}

/** The depth at which a file that is a whole course falls into modules; null where it does not. */
export function moduleDepth(file: MarkdownFile): number | null {
  for (const depth of [1, 2, 3]) {
    const count = file.pieces.filter((piece) => piece.depth === depth).length;
    if (count > 1 || (count === 1 && depth > 1)) return depth;
  }
  return null;
}

/** Files side by side: grouped as their front matter says, else each is a module where they have parts. */
function planFlat(files: Map<string, MarkdownFile>, paths: string[], courseTitle: string): PlannedModule[] {
  const moduleOf = (path: string) => textOf(files.get(path)?.frontMatter.module);
  if (paths.some((path) => moduleOf(path) !== null)) {
    const titles = [...new Set(paths.map((path) => moduleOf(path) ?? courseTitle))];
    return titles.map((title) => ({
      title,
      summary: '',
      files: paths.filter((path) => (moduleOf(path) ?? courseTitle) === title).map(whole),
    }));
  }
  const parted = paths.some((path) => files.get(path)?.pieces.some((piece) => piece.depth === 2));
  if (parted)
    return paths.map((path) => ({ title: null, summary: '', files: [{ path, cut: 'lessons' as const }] }));
  return [{ title: courseTitle, summary: '', files: paths.map(whole) }];
}

const ORDER_KEYS = ['order', 'weight', 'position', 'nav_order', 'sidebar_position'];

/** Where front matter puts a file among its neighbours; those without come after, by name. */
function rankOf(file: MarkdownFile | undefined): number {
  const value = ORDER_KEYS.map((key) => file?.frontMatter[key]).find((found) => found !== undefined);
  const rank = typeof value === 'string' ? Number(value) : value;
  return typeof rank === 'number' && Number.isFinite(rank) ? rank : 1e9;
}

function rankOfFolder(files: Map<string, MarkdownFile>, folder: string): number {
  const index = [...files.keys()].find((path) => folderOf(path) === folder && isIndex(path));
  // Loose files stand before the folders.
  return folder === '' ? -1 : rankOf(index === undefined ? undefined : files.get(index));
}

const inOrder = (files: Map<string, MarkdownFile>, paths: string[]): string[] =>
  [...paths].sort((a, b) => rankOf(files.get(a)) - rankOf(files.get(b)) || naturally(a, b));

const hasText = (file: MarkdownFile | undefined): boolean =>
  file?.pieces.some((piece) => piece.depth === null) ?? false;

/** What a file calls itself: its front matter's title, or its only first-level heading. */
export function titleOf(file: MarkdownFile | undefined): string | null {
  if (!file) return null;
  const given = textOf(file.frontMatter.title);
  if (given !== null) return given;
  const tops = file.pieces.filter((piece) => piece.depth === 1);
  const [top] = tops;
  return tops.length === 1 && top?.block.type === 'heading' ? wordsOf(top.block.children) : null;
}

/** A value of front matter as a line of text, or null. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return null;
  const line = value.replace(/\s+/g, ' ').trim();
  return line === '' ? null : line;
}
