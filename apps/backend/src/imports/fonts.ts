import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';

/** Words in drawings are drawn with these where the machine has no fonts: otherwise they would be boxes. */
const FACES = [400, 700].flatMap((weight) =>
  ['latin', 'latin-ext', 'greek', 'cyrillic'].map((alphabet) => `noto-sans-${alphabet}-${weight}-normal`),
);

let ready: Promise<void> | null = null;

/** Gives the drawing of SVG the machine's fonts and, behind them, ours. Call before the first drawing. */
export function provideFonts(dataDir: string): Promise<void> {
  ready ??= provide(join(dataDir, 'fonts'));
  return ready;
}

async function provide(folder: string): Promise<void> {
  // The native library reads its configuration from the environment and from nowhere else.
  if (process.env.FONTCONFIG_FILE) return;
  await mkdir(folder, { recursive: true });
  for (const face of FACES) {
    const path = join(folder, `${face}.ttf`);
    if (existsSync(path)) continue;
    const woff = await readFile(
      fileURLToPath(import.meta.resolve(`@fontsource/noto-sans/files/${face}.woff`)),
    );
    await replace(path, sfntOf(woff));
  }
  const file = join(folder, 'fonts.conf');
  await replace(
    file,
    CONFIGURATION.replace('FOLDER', escaped(folder)).replace('CACHE', escaped(join(folder, 'cache'))),
  );
  process.env.FONTCONFIG_FILE = file;
}

async function replace(path: string, content: string | Uint8Array): Promise<void> {
  const beside = `${path}.${process.pid}`;
  await writeFile(beside, content);
  await rename(beside, path);
}

const escaped = (path: string): string => path.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const CONFIGURATION = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>FOLDER</dir>
  <cachedir>CACHE</cachedir>
</fontconfig>
`;

const WOFF = 0x774f4646;
const WOFF_HEADER = 44;
const WOFF_ENTRY = 20;
const SFNT_HEADER = 12;
const SFNT_ENTRY = 16;

/** The font in a WOFF file (W3C WOFF 1.0): the same tables, unpacked. @throws where it is none */
export function sfntOf(woff: Buffer): Buffer {
  if (woff.readUInt32BE(0) !== WOFF) throw new Error('not a WOFF file');
  const count = woff.readUInt16BE(12);
  const header = Buffer.alloc(SFNT_HEADER + count * SFNT_ENTRY);
  const power = Math.floor(Math.log2(count));
  header.writeUInt32BE(woff.readUInt32BE(4), 0);
  header.writeUInt16BE(count, 4);
  header.writeUInt16BE(16 * 2 ** power, 6);
  header.writeUInt16BE(power, 8);
  header.writeUInt16BE(16 * (count - 2 ** power), 10);
  const tables: Buffer[] = [];
  let offset = header.length;
  for (let index = 0; index < count; index++) {
    const entry = WOFF_HEADER + index * WOFF_ENTRY;
    const start = woff.readUInt32BE(entry + 4);
    const packed = woff.readUInt32BE(entry + 8);
    const length = woff.readUInt32BE(entry + 12);
    const data = woff.subarray(start, start + packed);
    const table = Buffer.alloc(Math.ceil(length / 4) * 4);
    (packed < length ? inflateSync(data) : data).copy(table);
    const at = SFNT_HEADER + index * SFNT_ENTRY;
    woff.copy(header, at, entry, entry + 4);
    header.writeUInt32BE(woff.readUInt32BE(entry + 16), at + 4);
    header.writeUInt32BE(offset, at + 8);
    header.writeUInt32BE(length, at + 12);
    tables.push(table);
    offset += table.length;
  }
  return Buffer.concat([header, ...tables]);
}
