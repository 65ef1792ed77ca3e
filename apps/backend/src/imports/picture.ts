import type { PackageAsset } from '@preau/elearning/coursePackage';
import sharp from 'sharp';
import { sniff } from '../assets/sniff.ts';

/** CSS pixels of an SVG for one of its units, and how many device pixels each gets: sharp on dense screens. */
const SVG_DPI = 72;
const DENSITY = 2;
const MAX_WIDTH = 2_400;
const MAX_PIXELS = 80_000_000;
const MAX_BYTES = 20 * 1024 * 1024;

export interface Picture {
  bytes: Uint8Array;
  /** The size at which it is shown, in CSS pixels. */
  width: number;
  height: number;
}

/**
 * A picture as it can be stored, by its bytes and not its name. SVG is drawn: it can hold scripts, and is never
 * served. Other formats that browsers or the platform do not take become WebP. Null where it cannot be read.
 */
export async function readPicture(asset: PackageAsset): Promise<Picture | null> {
  const bytes = asset.read();
  if (bytes.byteLength === 0 || bytes.byteLength > MAX_BYTES) return null;
  try {
    if (isSvg(bytes)) return await draw(bytes);
    const kind = await sniff(bytes);
    if (kind && kind.width !== null && kind.height !== null && kind.width <= 2 * MAX_WIDTH)
      return { bytes, width: kind.width, height: kind.height };
    return kind && kind.width === null ? null : await convert(bytes);
  } catch {
    return null;
  }
}

/** SVG by what it begins with: a comment, a declaration and a type may stand before its root. */
function isSvg(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes.subarray(0, 4096));
  return (
    /^\s*(?:<\?xml|<!--|<!doctype svg|<svg)/i.test(text.replace(/^\ufeff/, '')) &&
    /<svg[\s>]/i.test(new TextDecoder().decode(bytes.subarray(0, 65_536)))
  );
}

async function draw(bytes: Uint8Array): Promise<Picture | null> {
  const image = sharp(bytes, { density: SVG_DPI * DENSITY, limitInputPixels: MAX_PIXELS });
  const { width, height } = await image.metadata();
  if (!width || !height) return null;
  const drawn = await image
    .resize({ width: Math.min(width, MAX_WIDTH), withoutEnlargement: true })
    // Drawings are made for white paper; the dark theme must not swallow black lines.
    .flatten({ background: '#ffffff' })
    .png({ palette: true, quality: 90, effort: 7 })
    .toBuffer();
  return { bytes: drawn, width: Math.round(width / DENSITY), height: Math.round(height / DENSITY) };
}

async function convert(bytes: Uint8Array): Promise<Picture | null> {
  const { data, info } = await sharp(bytes, { limitInputPixels: MAX_PIXELS })
    .rotate()
    .resize({ width: MAX_WIDTH, withoutEnlargement: true })
    .webp({ quality: 88 })
    .toBuffer({ resolveWithObject: true });
  return { bytes: data, width: info.width, height: info.height };
}
