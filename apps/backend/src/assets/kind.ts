import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import type { FileKind } from '@preau/contract/platform/plans';
import { fileTypeFromFile } from 'file-type';

export interface Kind {
  kind: Exclude<FileKind, 'package'>;
  mime: string;
  extension: string;
}

/**
 * What may be stored, by what its bytes are. SVG and HTML are not here: they run scripts. They come in packages
 * only, which run on the content origin.
 */
const KINDS: Kind[] = [
  { kind: 'image', mime: 'image/png', extension: 'png' },
  { kind: 'image', mime: 'image/jpeg', extension: 'jpg' },
  { kind: 'image', mime: 'image/webp', extension: 'webp' },
  { kind: 'image', mime: 'image/gif', extension: 'gif' },
  { kind: 'image', mime: 'image/avif', extension: 'avif' },
  { kind: 'document', mime: 'application/pdf', extension: 'pdf' },
  ...office('vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'),
  ...office('vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'),
  ...office('vnd.openxmlformats-officedocument.presentationml.presentation', 'pptx'),
  ...office('vnd.oasis.opendocument.text', 'odt'),
  ...office('vnd.oasis.opendocument.spreadsheet', 'ods'),
  ...office('vnd.oasis.opendocument.presentation', 'odp'),
  ...office('epub+zip', 'epub'),
  { kind: 'audio', mime: 'audio/mpeg', extension: 'mp3' },
  { kind: 'audio', mime: 'audio/ogg', extension: 'ogg' },
  { kind: 'audio', mime: 'audio/wav', extension: 'wav' },
  { kind: 'audio', mime: 'audio/flac', extension: 'flac' },
  { kind: 'audio', mime: 'audio/mp4', extension: 'm4a' },
  { kind: 'video', mime: 'video/mp4', extension: 'mp4' },
  { kind: 'video', mime: 'video/webm', extension: 'webm' },
  { kind: 'video', mime: 'video/quicktime', extension: 'mov' },
];
function office(name: string, extension: string): Kind[] {
  return [{ kind: 'document', mime: `application/${name}`, extension }];
}

const byMime = new Map(KINDS.map((each) => [each.mime, each]));
/** Other names of the same formats. */
const ALIASES: Record<string, string> = {
  'audio/x-m4a': 'audio/mp4',
  'audio/x-flac': 'audio/flac',
  'audio/vnd.wave': 'audio/wav',
  'audio/opus': 'audio/ogg',
  'audio/ogg; codecs=opus': 'audio/ogg',
  'video/x-m4v': 'video/mp4',
  'image/apng': 'image/png',
};
const EXTENSION_ALIASES: Record<string, string> = {
  jpeg: 'jpg',
  jpe: 'jpg',
  jfif: 'jpg',
  apng: 'png',
  oga: 'ogg',
  opus: 'ogg',
  m4v: 'mp4',
};
/** Plain text has no mark of its own: its name says so, and its bytes must agree. */
const TEXTS = ['txt', 'md', 'csv', 'vtt', 'srt'];

/** For people: what may be uploaded, by the plan's kinds. */
export const acceptedNames: Record<FileKind, string> = {
  image: 'PNG, JPEG, WebP, GIF, AVIF',
  document: 'PDF, Word, Excel, PowerPoint, OpenDocument, EPUB, TXT, CSV',
  audio: 'MP3, OGG, WAV, FLAC, M4A',
  video: 'MP4, WebM, MOV',
  package: 'ZIP (HTML), HTML, SVG',
};

const HEAD_BYTES = 64 * 1024;

/** Says what a file is by its bytes, whatever it was called; null for what is not accepted. */
export async function kindOf(path: string, name: string): Promise<Kind | null> {
  const type = await fileTypeFromFile(path).catch(() => undefined);
  if (type) {
    const mime = type.mime as string;
    return byMime.get(ALIASES[mime] ?? mime) ?? null;
  }
  const extension = extensionOf(name);
  if (!TEXTS.includes(extension)) return null;
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    // The last letter may be cut in two.
    const head = buffer.subarray(0, bytesRead < HEAD_BYTES ? bytesRead : bytesRead - 4);
    if (head.includes(0) || !(isUtf8(head) || bytesRead === HEAD_BYTES)) return null;
  } finally {
    await file.close();
  }
  return { kind: 'document', mime: 'text/plain; charset=utf-8', extension };
}

export function extensionOf(name: string): string {
  return /\.([a-z0-9]{1,12})$/i.exec(name.trim())?.[1]?.toLowerCase() ?? '';
}

/**
 * What a name claims to be, where its ending is one that is known here. `film.png` that is a film is a mistake or a
 * trick; `photo.jpeg` that is WebP is neither.
 */
export function claimedKind(name: string): Kind['kind'] | null {
  const extension = extensionOf(name);
  if (TEXTS.includes(extension)) return 'document';
  const known = EXTENSION_ALIASES[extension] ?? extension;
  return KINDS.find((each) => each.extension === known)?.kind ?? null;
}

/** Letters that a file's name may not keep: separators, control characters, those that turn text around. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
const HOSTILE = /[\u0000-\u001f\u007f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\\/:*?"<>|]/g;
const MAX_NAME = 150;

/** A file's name as it can be shown and saved anywhere, ending as its content does: `a.pdf.exe` that is a PDF is `a.pdf`. */
export function fileName(given: string, extension: string): string {
  const clean = given
    .toWellFormed()
    .normalize('NFC')
    .replace(HOSTILE, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[.\s]+|[.\s]+$/g, '');
  const ending = extensionOf(clean);
  const same = ending === extension || EXTENSION_ALIASES[ending] === extension;
  let base = ending === '' ? clean : clean.slice(0, -ending.length - 1);
  if (!same && extensionOf(base) === extension) base = base.slice(0, -extension.length - 1);
  const last = same ? ending : extension;
  base = [...base]
    .slice(0, MAX_NAME - 1 - last.length)
    .join('')
    .replace(/[.\s]+$/, '');
  return `${base === '' ? 'fichier' : base}.${last}`;
}

/** Content-Disposition with the name in both forms (RFC 6266, RFC 8187). */
export function disposition(type: 'inline' | 'attachment', name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/[^\x20-\x7e]/g, '')
    .replace(/["\\%]/g, '_');
  const full = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${type}; filename="${plain}"; filename*=UTF-8''${full}`;
}
