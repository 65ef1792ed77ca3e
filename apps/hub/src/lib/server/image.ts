/** The largest logo the platform keeps, once decoded. */
export const MAX_LOGO_BYTES = 200_000;

/** What a file is by its first bytes, whatever it calls itself. */
export function imageType(bytes: Uint8Array): 'png' | 'jpeg' | 'webp' | null {
  const starts = (...expected: number[]) => expected.every((byte, index) => bytes[index] === byte);
  const ascii = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (starts(0xff, 0xd8, 0xff)) return 'jpeg';
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'webp';
  return null;
}

/** The file as a `data:` URL, or why it was refused; an empty file input is null. */
export async function logoFrom(
  entry: FormDataEntryValue | null,
): Promise<{ logo: string } | { refused: 'large' | 'format' } | null> {
  if (!(entry instanceof File) || entry.size === 0) return null;
  if (entry.size > MAX_LOGO_BYTES) return { refused: 'large' };
  const bytes = new Uint8Array(await entry.arrayBuffer());
  const type = imageType(bytes);
  if (!type) return { refused: 'format' };
  return { logo: `data:image/${type};base64,${Buffer.from(bytes).toString('base64')}` };
}
