/*
 * A course in a zip of Markdown files and pictures: a Carpentries lesson, or folders and files of anybody's.
 * Nothing is stored here; pictures are unpacked when they are asked for.
 */

import { wordsOf } from './markdown/inline.ts';
import { type MarkdownFile, PACKAGE, type Piece, readMarkdown, readYaml } from './markdown.ts';
import { excerptOf, MAX_NOTES, type Note } from './note.ts';
import { readAttribution } from './package/attribution.ts';
import { blocksOf, cut, type Section } from './package/cut.ts';
import { Files, nameOf, naturally, titleOfName } from './package/files.ts';
import {
  isIndex,
  moduleDepth,
  type PlannedFile,
  type PlannedModule,
  planModules,
  textOf,
  titleOf,
} from './package/plan.ts';
import { fileAddress, lessonAddress } from './package/settle.ts';
import { estimateMinutes, headingId, nodesOf, plainText } from './reading.ts';
import { type BlockNode, type RichText, richTextOf } from './richText.ts';
import { PackageError, readZip, type ZipLimits } from './zip.ts';

export { type Addresses, settle } from './package/settle.ts';
export { PackageError, type PackageFault } from './zip.ts';

export interface PackageLesson {
  /** Names the lesson in the package: what `settle` asks addresses for. */
  key: string;
  title: string;
  /** Before `settle`: pictures and inner links have addresses of the scheme `package:`. */
  content: RichText;
  estimatedMinutes: number;
}
export interface PackageModule {
  title: string;
  summary: string;
  lessons: PackageLesson[];
}
export interface PackageAsset {
  path: string;
  /** By its name; whoever stores it looks at the bytes. */
  mime: string;
  alt: string;
  /** @throws PackageError where the file is damaged */
  read(): Uint8Array;
}
export interface CoursePackage {
  title: string;
  summary: string;
  objectives: string[];
  prerequisites: string;
  attribution: string;
  language: 'fr' | 'en';
  modules: PackageModule[];
  /** The pictures that the lessons show. */
  assets: PackageAsset[];
  /** The files that the lessons link to, for downloading. */
  attachments: PackageAsset[];
  report: Note[];
}

/** Whether a file is read as Markdown, by its name. */
export const isMarkdown = (path: string): boolean => /\.(md|markdown|qmd|rmd)$/i.test(path);
const IMAGES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  avif: 'image/avif',
  bmp: 'image/bmp',
  tif: 'image/tiff',
  tiff: 'image/tiff',
};
/** Files that a course may hand out. Nothing that a browser would run. */
const ATTACHMENTS: Record<string, string> = {
  zip: 'application/zip',
  pdf: 'application/pdf',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  txt: 'text/plain',
  json: 'application/json',
  ipynb: 'application/json',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odp: 'application/vnd.oasis.opendocument.presentation',
};
const ABOUT_PACKAGE =
  /^(config\.ya?ml|_config\.yml|course\.ya?ml|mkdocs\.yml|licen[cs]e(\.\w+)?|citation(\.\w+)?|authors(\.\w+)?)$/i;
const WORDS = {
  fr: { before: 'Avant de commencer', resources: 'Ressources' },
  en: { before: 'Before you start', resources: 'Resources' },
};
const MAX_TITLE = 200;
const MAX_SUMMARY = 1000;
const MAX_OBJECTIVES = 20;
const MAX_OBJECTIVE = 300;

/**
 * Reads a zip as a course.
 * @param fileName of the archive: names a course that does not name itself
 * @throws PackageError where it is refused as a whole
 */
export function readCoursePackage(
  archive: Uint8Array,
  { fileName, limits }: { fileName: string; limits?: ZipLimits },
): CoursePackage {
  const files = new Files(readZip(archive, limits));
  const report: Note[] = [];
  const config = readConfig(files);
  const site = textOf(config.url)?.replace(/\/+$/, '');
  const markdown = readAll(files, site, report);
  if (markdown.size === 0) {
    const unread = files.paths.find(isMarkdown);
    throw new PackageError(unread === undefined ? 'package.empty' : 'package.unreadable', unread);
  }

  const index = [...markdown.keys()].find((path) => !path.includes('/') && isIndex(path));
  const home = index === undefined ? undefined : markdown.get(index);
  const about = { ...home?.frontMatter, ...config };
  const title = courseTitle(files, config, markdown, home, fileName);
  const language = /^fr\b/i.test(textOf(about.lang ?? about.language) ?? 'fr') ? 'fr' : 'en';
  const episodes = readEpisodes(config, markdown, report);
  const plan = planModules({ files: markdown, courseTitle: title, words: WORDS[language], episodes });
  const drafts = plan.flatMap((module) => draftModules(module, markdown, title));
  const modules = finish(drafts, markdown, files, report);
  const assets = assetsOf(files, modules);
  const attachments = attachmentsOf(files, modules);
  noteUnused(files, markdown, plan, [...assets, ...attachments], index, report);
  const described = describe(about, home, drafts);
  return {
    title,
    ...described,
    attribution: readAttribution(files, about, language),
    language,
    modules,
    assets,
    attachments,
    report: report.slice(0, MAX_NOTES),
  };
}

function readConfig(files: Files): Record<string, unknown> {
  const source = files.firstText('config.yaml', '_config.yml', 'course.yaml', 'course.yml', 'mkdocs.yml');
  return source === null ? {} : (readYaml(source) ?? {});
}

function readAll(files: Files, site: string | undefined, report: Note[]): Map<string, MarkdownFile> {
  const markdown = new Map<string, MarkdownFile>();
  for (const path of files.paths.filter(isMarkdown).sort(naturally)) {
    const file = readOne(files, path, site);
    if (file === null)
      report.push({ level: 'error', file: path, line: null, what: 'file.unreadable', excerpt: '' });
    else if (file.frontMatter.draft === true || file.frontMatter.published === false)
      report.push({ level: 'info', file: path, line: null, what: 'file.skipped', excerpt: 'draft' });
    else markdown.set(path, file);
  }
  return markdown;
}

function readOne(files: Files, path: string, site: string | undefined): MarkdownFile | null {
  const source = files.readText(path);
  if (source === null) return null;
  try {
    return readMarkdown(path, source, files.resolver(path, site));
  } catch (error) {
    // Quotes nested by the ten thousand: too deep for the stack.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function courseTitle(
  files: Files,
  config: Record<string, unknown>,
  markdown: Map<string, MarkdownFile>,
  home: MarkdownFile | undefined,
  fileName: string,
): string {
  const only = markdown.size === 1 ? [...markdown.values()][0] : undefined;
  const named = textOf(config.title) ?? textOf(config.site_name) ?? titleOf(home) ?? titleOf(only);
  const title = named ?? titleOfName(files.outerFolder || nameOf(fileName));
  return title.slice(0, MAX_TITLE) || 'Formation';
}

/** Paths of a Carpentries lesson's episodes in their order; null where the package is none. */
function readEpisodes(
  config: Record<string, unknown>,
  markdown: Map<string, MarkdownFile>,
  report: Note[],
): string[] | null {
  const present = [...markdown.keys()].filter((path) => /^_?episodes\/[^/]+$/.test(path));
  if (present.length === 0) return null;
  const named = Array.isArray(config.episodes) ? config.episodes.flatMap((name) => textOf(name) ?? []) : [];
  if (named.length === 0) return present.sort(naturally);
  return named.flatMap((name) => {
    const path = present.find((candidate) => nameOf(candidate) === name);
    if (path === undefined)
      report.push({
        level: 'warning',
        file: 'config.yaml',
        line: null,
        what: 'episode.missing',
        excerpt: excerptOf(name),
      });
    return path ?? [];
  });
}

interface DraftLesson {
  path: string;
  title: string;
  blocks: BlockNode[];
  /** Minutes that the author gave to the whole file. */
  fileMinutes: number | null;
}
interface DraftModule {
  title: string;
  summary: string;
  lessons: DraftLesson[];
}

function draftModules(
  module: PlannedModule,
  markdown: Map<string, MarkdownFile>,
  title: string,
): DraftModule[] {
  const [first] = module.files;
  const file = first && markdown.get(first.path);
  if (first?.cut === 'modules' && file) {
    const depth = moduleDepth(file) ?? 2;
    return cut(withoutTitle(file), depth).map((section) => ({
      title: section.title ?? title,
      summary: '',
      lessons: lessonsOf(first.path, file, cut(section.pieces, depth + 1), section.title ?? title),
    }));
  }
  const lessons = module.files.flatMap((planned) => lessonsOfFile(planned, markdown));
  const named = module.title ?? (first ? titleOfFile(first.path, file) : title);
  return lessons.length > 0 ? [{ title: named, summary: module.summary.slice(0, MAX_SUMMARY), lessons }] : [];
}

const titleOfFile = (path: string, file: MarkdownFile | undefined): string =>
  titleOf(file) ?? titleOfName(nameOf(path));

function lessonsOfFile(planned: PlannedFile, markdown: Map<string, MarkdownFile>): DraftLesson[] {
  const file = markdown.get(planned.path);
  if (!file) return [];
  const pieces = withoutTitle(file);
  const title = titleOfFile(planned.path, file);
  const sections = planned.cut === 'lessons' ? cut(pieces, 2) : [{ title: null, pieces }];
  return lessonsOf(planned.path, file, sections, title);
}

function lessonsOf(path: string, file: MarkdownFile, sections: Section[], title: string): DraftLesson[] {
  const fileMinutes = minutesOf(file.frontMatter);
  return sections.map((section) => ({
    path,
    title: (section.title || title).slice(0, MAX_TITLE),
    blocks: blocksOf(section.pieces),
    fileMinutes,
  }));
}

/** The pieces of a file without the heading that is its title. */
function withoutTitle(file: MarkdownFile): Piece[] {
  const tops = file.pieces.filter((piece) => piece.depth === 1);
  return tops.length === 1 ? file.pieces.filter((piece) => piece.depth !== 1) : file.pieces;
}

/** Minutes that front matter gives: `teaching` and `exercises`, or `duration`. */
function minutesOf(front: Record<string, unknown>): number | null {
  const number = (value: unknown) =>
    typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
  const sum =
    number(front.teaching) + number(front.exercises) || number(front.duration) || number(front.minutes);
  return sum > 0 ? Math.min(sum, 10_000) : null;
}

/** Numbers the lessons, shares out minutes, and leads links to the lessons that they mean. */
function finish(
  drafts: DraftModule[],
  markdown: Map<string, MarkdownFile>,
  files: Files,
  report: Note[],
): PackageModule[] {
  const lessons = drafts.flatMap((module, m) =>
    module.lessons.map((lesson, l) => {
      const content = richTextOf(lesson.blocks);
      return {
        ...lesson,
        key: `${m + 1}.${l + 1}`,
        content,
        anchors: anchorsOf(content),
        own: estimateMinutes(content),
      };
    }),
  );
  const estimated = new Map<string, number>();
  for (const { path, own } of lessons) estimated.set(path, (estimated.get(path) ?? 0) + own);
  for (const file of markdown.values()) report.push(...file.notes);

  let next = 0;
  return drafts.map((module) => ({
    title: module.title.slice(0, MAX_TITLE),
    summary: module.summary,
    lessons: module.lessons.map(() => {
      const lesson = lessons[next++];
      if (!lesson) throw new Error('as many lessons as drafts');
      linkLessons(lesson, lessons, markdown, files, report);
      const share =
        lesson.fileMinutes === null ? 1 : lesson.fileMinutes / (estimated.get(lesson.path) ?? lesson.own);
      const { key, title, content, own } = lesson;
      return { key, title, content, estimatedMinutes: Math.max(1, Math.round(own * share)) };
    }),
  }));
}

interface Target {
  key: string;
  path: string;
  content: RichText;
  anchors: Set<string>;
}

function anchorsOf(content: RichText): Set<string> {
  const anchors = new Set<string>();
  for (const node of nodesOf(content))
    if (node.type === 'heading') anchors.add(headingId(wordsOf(node.children)));
  return anchors;
}

/** Leads links between files to lessons: to the one with the anchor's heading, else to the file's first. */
function linkLessons(
  lesson: Target & { title: string },
  lessons: (Target & { title: string })[],
  markdown: Map<string, MarkdownFile>,
  files: Files,
  report: Note[],
): void {
  for (const node of nodesOf(lesson.content)) {
    if (node.type !== 'link' || !node.url.startsWith(PACKAGE)) continue;
    const [path = '', given = ''] = node.url.slice(PACKAGE.length).split('#', 2);
    const named = markdown.get(path)?.anchors.get(given) ?? given;
    const anchor = headingId(named);
    const ofFile = lessons.filter((other) => other.path === path);
    // A heading that cut the file became the title of its lesson.
    const target =
      (anchor === '' ? undefined : ofFile.find(({ anchors }) => anchors.has(anchor))) ??
      ofFile.find(({ title }) => headingId(title) === anchor) ??
      ofFile[0];
    const suffix = target?.anchors.has(anchor) ? `#${anchor}` : '';
    if (target === lesson && suffix === '' && given !== '' && headingId(lesson.title) !== anchor)
      report.push({
        level: 'info',
        file: lesson.path,
        line: null,
        what: 'link.broken',
        excerpt: `#${given}`,
      });
    if (target === lesson) node.url = suffix === '' ? `${PACKAGE}dropped` : lessonAddress('', suffix);
    else if (target) node.url = lessonAddress(target.key, suffix);
    else if (files.has(path) && typeOf(path, ATTACHMENTS)) node.url = fileAddress(path);
    else {
      report.push({
        level: 'warning',
        file: lesson.path,
        line: null,
        what: 'link.broken',
        excerpt: excerptOf(path),
      });
      node.url = `${PACKAGE}dropped`;
    }
  }
}

function assetsOf(files: Files, modules: PackageModule[]): PackageAsset[] {
  const assets = new Map<string, PackageAsset>();
  for (const { content } of modules.flatMap(({ lessons }) => lessons))
    for (const node of nodesOf(content)) {
      if (node.type !== 'image' || !node.src?.startsWith(PACKAGE)) continue;
      const path = node.src.slice(PACKAGE.length);
      const mime = typeOf(path, IMAGES) ?? 'application/octet-stream';
      if (!assets.has(path)) assets.set(path, { path, mime, alt: node.alt, read: () => files.read(path) });
    }
  return [...assets.values()];
}

function attachmentsOf(files: Files, modules: PackageModule[]): PackageAsset[] {
  const paths = new Set<string>();
  for (const { content } of modules.flatMap(({ lessons }) => lessons))
    for (const node of nodesOf(content)) {
      const path = node.type === 'link' ? /^package:file\/(.*)$/.exec(node.url)?.[1] : undefined;
      if (path !== undefined) paths.add(path);
    }
  return [...paths].map((path) => ({
    path,
    mime: typeOf(path, ATTACHMENTS) ?? 'application/octet-stream',
    alt: '',
    read: () => files.read(path),
  }));
}

const typeOf = (path: string, types: Record<string, string>): string | undefined => {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return Object.hasOwn(types, extension) ? types[extension] : undefined;
};

function noteUnused(
  files: Files,
  markdown: Map<string, MarkdownFile>,
  plan: PlannedModule[],
  assets: PackageAsset[],
  index: string | undefined,
  report: Note[],
): void {
  const used = new Set([
    ...plan.flatMap((module) => module.files.map(({ path }) => path)),
    ...assets.map(({ path }) => path),
    ...(index === undefined ? [] : [index]),
  ]);
  for (const path of files.paths.sort(naturally)) {
    if (used.has(path) || ABOUT_PACKAGE.test(nameOf(path))) continue;
    if (isMarkdown(path) && !markdown.has(path)) continue;
    report.push({ level: 'info', file: path, line: null, what: 'file.skipped', excerpt: '' });
  }
}

/** Summary, objectives and prerequisites: from front matter, from the first page, from the episodes. */
function describe(
  about: Record<string, unknown>,
  home: MarkdownFile | undefined,
  drafts: DraftModule[],
): { summary: string; objectives: string[]; prerequisites: string } {
  const opening = home?.pieces.map(({ block }) => block) ?? [];
  const words = opening
    .filter(({ type }) => type === 'paragraph')
    .map((block) => plainText(richTextOf([block])));
  const given = textOf(about.description) ?? textOf(about.summary);
  const required = home?.pieces.find(
    ({ block }) => block.type === 'callout' && /^pr[eé]-?req/i.test(block.title),
  );
  const prerequisites =
    textOf(about.prerequisites) ??
    (required?.block.type === 'callout' ? plainText(richTextOf(required.block.children)) : '');
  return {
    summary: clip(given ?? words.join('\n\n'), MAX_SUMMARY),
    objectives: objectivesOf(about, drafts).slice(0, MAX_OBJECTIVES),
    prerequisites: clip(prerequisites.replace(/\n/g, ' '), MAX_SUMMARY),
  };
}

/** What the course says it teaches, else what its modules say; only the first of each where they say a lot. */
function objectivesOf(about: Record<string, unknown>, drafts: DraftModule[]): string[] {
  const given = Array.isArray(about.objectives) ? about.objectives.flatMap((line) => textOf(line) ?? []) : [];
  if (given.length > 0) return given.map((line) => clip(line, MAX_OBJECTIVE));
  const perModule = drafts.map(({ lessons }) =>
    lessons.flatMap(({ blocks }) =>
      blocks.flatMap((block) =>
        block.type === 'callout' && block.tone === 'objectives'
          ? plainText(richTextOf(block.children))
              .split('\n')
              .map((line) => clip(line, MAX_OBJECTIVE))
          : [],
      ),
    ),
  );
  const all = perModule.flat();
  return all.length <= MAX_OBJECTIVES / 2 ? all : perModule.flatMap(([first]) => first ?? []);
}

/** At most so many letters, cut between words. */
function clip(words: string, length: number): string {
  if (words.length <= length) return words;
  const cutAt = words.lastIndexOf(' ', length - 1);
  return `${words.slice(0, cutAt > length / 2 ? cutAt : length - 1)}…`;
}
