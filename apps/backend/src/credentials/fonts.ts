/// <reference path="./fontkit.d.ts" />
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as fontkit from 'fontkit';

export type Face = 'heading' | 'text' | 'strong';

interface FontFile {
  /** Name under which pdfkit knows it. */
  name: string;
  bytes: Buffer;
  covers(codePoint: number): boolean;
}

/** Noto takes over where the house's faces have no letters. */
const OTHER_ALPHABETS = ['greek', 'cyrillic', 'vietnamese', 'devanagari'];

/** The files of each face, in order of preference: every one covers some alphabets only. */
export const fontFiles: Record<Face, FontFile[]> = {
  heading: load('heading', 'bricolage-grotesque', 700),
  text: load('text', 'instrument-sans', 400),
  strong: load('strong', 'instrument-sans', 600),
};

/** Cuts a line into runs that one font file can draw; a letter that no file has stays with the first file. */
export function runs(text: string, face: Face): { font: string; text: string }[] {
  const files = fontFiles[face];
  const found: { font: string; text: string }[] = [];
  for (const letter of text.normalize('NFC').replace(/[\u00a0\u202f]/g, ' ')) {
    const codePoint = letter.codePointAt(0) ?? 0;
    const file = files.find((one) => one.covers(codePoint)) ?? files[0];
    const last = found.at(-1);
    if (!file) continue;
    // Spaces belong to every file: a run is not cut for them.
    if (last && (last.font === file.name || letter === ' ')) last.text += letter;
    else found.push({ font: file.name, text: letter });
  }
  return found;
}

function load(face: Face, family: string, weight: number): FontFile[] {
  const paths = [
    ...['latin', 'latin-ext'].map((alphabet) => `${family}/files/${family}-${alphabet}-${weight}-normal`),
    ...OTHER_ALPHABETS.map((alphabet) => `noto-sans/files/noto-sans-${alphabet}-${weight}-normal`),
  ];
  return paths.map((path, index) => {
    const bytes = readFileSync(fileURLToPath(import.meta.resolve(`@fontsource/${path}.woff`)));
    const font = fontkit.create(bytes);
    return {
      name: `${face}-${index}`,
      bytes,
      covers: (codePoint) => font.hasGlyphForCodePoint(codePoint),
    };
  });
}
