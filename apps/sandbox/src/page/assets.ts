import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { drawing } from '@preau/design/drawing';
import { plainSheet } from '@preau/design/plainSheet';
import { style } from './style.ts';

const read = (specifier: string) => readFileSync(new URL(import.meta.resolve(specifier)));

const fontFiles: readonly { family: string; weights: string; specifier: string }[] = [
  {
    family: 'Instrument Sans Variable',
    weights: '400 700',
    specifier: '@fontsource-variable/instrument-sans/files/instrument-sans-latin-wght-normal.woff2',
  },
  {
    family: 'Bricolage Grotesque Variable',
    weights: '200 800',
    specifier: '@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque-latin-wght-normal.woff2',
  },
];

export interface Asset {
  type: string;
  body: Buffer;
}

const assets = new Map<string, Asset>();

/** Named after its content, so that a browser keeps it for a year. */
function add(name: string, ending: string, asset: Asset): string {
  const hash = createHash('sha256').update(asset.body).digest('hex').slice(0, 12);
  const path = `/assets/${name}-${hash}.${ending}`;
  assets.set(path, asset);
  return path;
}

const faces = fontFiles.map(({ family, weights, specifier }) => {
  const name = family.split(' ')[0]?.toLowerCase() ?? 'font';
  const path = add(name, 'woff2', { type: 'font/woff2', body: read(specifier) });
  return `@font-face{font-family:"${family}";font-display:swap;font-weight:${weights};src:url("${path}") format("woff2")}`;
});

/** Faces that every machine has, scaled to ours: nothing moves when the web font arrives. */
const fallbacks = read('@preau/design/fonts.css')
  .toString('utf8')
  .match(/@font-face\s*\{[^}]*local\([^}]*\}/g);

export const stylesheetPath = add('style', 'css', {
  type: 'text/css; charset=utf-8',
  body: Buffer.from(`${[...faces, ...(fallbacks ?? [])].join('\n')}\n${plainSheet()}\n${style}`),
});

export const markPath = add('mark', 'svg', { type: 'image/svg+xml', body: read('@preau/design/mark.svg') });

export const mark = drawing('mark');

export const findAsset = (path: string): Asset | undefined => assets.get(path);
