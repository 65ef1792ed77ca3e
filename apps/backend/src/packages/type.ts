import { fileTypeFromBuffer } from 'file-type';
import { extensionOf } from '../assets/kind.ts';

/** What is a package by itself: a page, or a drawing. */
export const ALONE = /\.(?:html?|svg)$/i;

/** What files of a package are told to be; everything else is bytes. */
const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  htm: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  json: 'application/json',
  xml: 'application/xml',
  txt: 'text/plain; charset=utf-8',
  vtt: 'text/vtt; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  ico: 'image/x-icon',
  woff: 'font/woff',
  woff2: 'font/woff2',
  ttf: 'font/ttf',
  otf: 'font/otf',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  wav: 'audio/wav',
  m4a: 'audio/mp4',
  mp4: 'video/mp4',
  webm: 'video/webm',
  pdf: 'application/pdf',
  wasm: 'application/wasm',
};
export const BYTES = 'application/octet-stream';

/** Written as text: what file-type finds in them by its own marks is XML of one kind or another. */
const TEXTUAL = /^text\/|\/(?:json|xml|svg\+xml)/;
const HEAD_BYTES = 64 * 1024;

/** What runs on people's machines, and never belongs into a package of web pages. */
const PROGRAMS = new Set([
  'application/x-msdownload',
  'application/x-elf',
  'application/x-mach-binary',
  'application/x-ms-installer',
  'application/x-msi',
  'application/x-deb',
  'application/x-rpm',
  'application/java-vm',
  'application/java-archive',
  'application/vnd.android.package-archive',
  'application/x-apple-diskimage',
  'application/x.ms.shortcut',
]);

/**
 * The type that a file of a package is served as: what its name says, where its bytes do not contradict it.
 * @returns null for a program
 */
export async function typeOf(path: string, content: Uint8Array): Promise<string | null> {
  const named = TYPES[extensionOf(path)] ?? BYTES;
  const found = (await fileTypeFromBuffer(content).catch(() => undefined))?.mime as string | undefined;
  if (found !== undefined && PROGRAMS.has(found)) return null;
  if (TEXTUAL.test(named)) return isText(content) ? named : BYTES;
  if (found === undefined || named === BYTES) return named;
  return familyOf(found) === familyOf(named) ? named : BYTES;
}

/** `image` of `image/png`; sound and film share their containers. */
const familyOf = (type: string): string => type.split('/', 1)[0]?.replace('audio', 'video') ?? '';

/** Whether it holds no control character that no text holds. Old pages are written in Latin-1, not in UTF-8. */
const isText = (content: Uint8Array): boolean =>
  !content
    .subarray(0, HEAD_BYTES)
    .some((byte) => byte < 9 || (byte > 13 && byte < 27) || (byte > 27 && byte < 32));
