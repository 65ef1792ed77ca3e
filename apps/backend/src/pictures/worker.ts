/*
 * Opens pictures that strangers made, in a process of its own: without the backend's secrets, with limits of memory
 * and time that its parent sets (see process.ts). What breaks here breaks alone.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileTypeFromBuffer } from 'file-type';
import sharp, { type Sharp } from 'sharp';
import type { PictureAnswer, PictureTask, Size } from './task.ts';

/** Pixels of all frames together: a small file can unfold into gigabytes. */
const MAX_PIXELS = 80_000_000;
const MAX_FRAMES = 200;
const QUALITY = 80;
/** An SVG's unit is a CSS pixel, and gets this many device pixels: sharp on dense screens. */
const SVG_DPI = 72;
const DENSITY = 2;
const MAX_WIDTH = 2_400;

sharp.cache(false);
sharp.concurrency(1);

const read = (path: string | Buffer, options: { animated?: boolean; density?: number } = {}): Sharp =>
  sharp(path, { limitInputPixels: MAX_PIXELS, failOn: 'error', sequentialRead: true, ...options });

async function makeSizes(task: Extract<PictureTask, { kind: 'sizes' }>): Promise<PictureAnswer> {
  const { pages = 1, ...metadata } = await read(task.path).metadata();
  if (pages > MAX_FRAMES) return { kind: 'unreadable', reason: `${pages} frames` };
  const animated = pages > 1;
  // Cameras note a turn by 90° beside the picture (EXIF orientations 5 to 8).
  const turned = (metadata.orientation ?? 1) >= 5;
  const width = turned ? metadata.height : metadata.width;
  const height = turned ? metadata.width : metadata.height;
  const largest = task.widths.at(-1) ?? width;
  const wanted = [...task.widths.filter((each) => each < width), Math.min(width, largest)];
  const sizes: Size[] = [];
  for (const target of new Set(wanted)) {
    const path = join(task.folder, `${target}.webp`);
    // Nothing that stood beside the pixels is kept: no place, no camera, no profile but sRGB.
    const info = await read(task.path, { animated })
      .autoOrient()
      .resize({ width: target, withoutEnlargement: true })
      .webp({ quality: QUALITY, effort: 3 })
      .toFile(path);
    sizes.push({ path, width: info.width, height: info.pageHeight ?? info.height, bytes: info.size });
  }
  return { kind: 'sizes', width, height, sizes };
}

async function convert({ path, folder }: Extract<PictureTask, { kind: 'convert' }>): Promise<PictureAnswer> {
  const bytes = await readFile(path);
  if (isSvg(bytes)) {
    const image = read(bytes, { density: SVG_DPI * DENSITY });
    const { width, height } = await image.metadata();
    const target = join(folder, 'drawn.png');
    // Drawings are made for white paper; the dark theme must not swallow black lines.
    await writeFile(
      target,
      await image
        .resize({ width: Math.min(width, MAX_WIDTH), withoutEnlargement: true })
        .flatten({ background: '#ffffff' })
        .png({ palette: true, quality: 90, effort: 7 })
        .toBuffer(),
    );
    return {
      kind: 'convert',
      path: target,
      width: Math.round(width / DENSITY),
      height: Math.round(height / DENSITY),
    };
  }
  const type = await fileTypeFromBuffer(bytes);
  if (type?.mime === 'application/pdf') return { kind: 'unreadable', reason: 'a document' };
  const { width, height, orientation = 1 } = await read(bytes).metadata();
  const shown = orientation >= 5 ? { width: height, height: width } : { width, height };
  if (/^image\/(png|jpeg|webp|gif)$/.test(type?.mime ?? '') && shown.width <= 2 * MAX_WIDTH)
    return { kind: 'convert', path, ...shown };
  const target = join(folder, 'converted.webp');
  const info = await read(bytes)
    .autoOrient()
    .resize({ width: MAX_WIDTH, withoutEnlargement: true })
    .webp({ quality: 88 })
    .toFile(target);
  return { kind: 'convert', path: target, width: info.width, height: info.height };
}

/** SVG by what it begins with: a comment, a declaration and a type may stand before its root. */
function isSvg(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes.subarray(0, 65_536)).replace(/^\ufeff/, '');
  return /^\s*(?:<\?xml|<!--|<!doctype svg|<svg)/i.test(text) && /<svg[\s>]/i.test(text);
}

process.on('message', ({ id, task }: { id: number; task: PictureTask }) => {
  const work = task.kind === 'sizes' ? makeSizes(task) : convert(task);
  work
    .catch((error: unknown): PictureAnswer => ({ kind: 'unreadable', reason: String(error).slice(0, 300) }))
    .then((answer) => process.send?.({ id, answer }));
});
process.on('disconnect', () => process.exit(0));
