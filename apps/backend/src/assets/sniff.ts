import { fileTypeFromBuffer } from 'file-type';
import sharp from 'sharp';

export interface Sniffed {
  mime: string;
  extension: string;
  width: number | null;
  height: number | null;
}

/** What may be stored and shown. SVG and HTML are not here: they run scripts. */
export const ACCEPTED = ['PNG', 'JPEG', 'WebP', 'GIF', 'PDF'];
const EXTENSIONS: Record<string, string> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'application/pdf': 'pdf',
};
/** Pixels of the largest image that is opened: a small file can unfold into gigabytes. */
const MAX_PIXELS = 80_000_000;

/** Says what a file is by its bytes, whatever it was called; null for what is not accepted or broken. */
export async function sniff(bytes: Uint8Array): Promise<Sniffed | null> {
  const type = await fileTypeFromBuffer(bytes);
  const extension = type && EXTENSIONS[type.mime];
  if (!extension) return null;
  if (type.mime === 'application/pdf') return { mime: type.mime, extension, width: null, height: null };
  try {
    const {
      width,
      height,
      orientation = 1,
    } = await sharp(bytes, { limitInputPixels: MAX_PIXELS }).metadata();
    // Cameras note a turn by 90° beside the picture (EXIF orientations 5 to 8).
    return orientation >= 5
      ? { mime: type.mime, extension, width: height, height: width }
      : { mime: type.mime, extension, width, height };
  } catch {
    return null;
  }
}
