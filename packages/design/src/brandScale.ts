/// <reference path="./culori.d.ts" />
import {
  formatHex,
  modeLrgb,
  modeOklab,
  modeOklch,
  modeRgb,
  type Oklch,
  parse,
  toGamut,
  useMode,
  wcagContrast,
} from 'culori/fn';

useMode(modeRgb);
useMode(modeLrgb);
useMode(modeOklab);
const oklch = useMode(modeOklch);
const intoSrgb = toGamut('rgb', 'oklch');

/** WCAG 2.2 AA: words, and parts of controls against what surrounds them. */
const TEXT_CONTRAST = 4.5;
const CONTROL_CONTRAST = 3;
/** Lightness is moved in steps of a quarter of a percent: finer than an eye sees. */
const STEP = 0.0025;

/** The surfaces of tokens.css that brand colours are seen on, as sRGB. brandScale.test.ts keeps them equal. */
export const SURFACES = {
  light: { paper: '#fcfaf6', surface: '#ffffff', ink: '#1b1f29' },
  dark: { paper: '#0d1416', surface: '#151d20', ink: '#061a14' },
} as const;

/** The brand colours of one theme, each as `#rrggbb`. */
export type BrandTones = {
  /** Fill of buttons and marks: 3:1 against the page. */
  brand: string;
  brandHover: string;
  /** What is written on `brand` and `brandHover`: 4.5:1. */
  onBrand: string;
  /** Words and links on paper, surface and `brandSoft`: 4.5:1. */
  brandText: string;
  /** Tinted background. */
  brandSoft: string;
  /** Edge of a tinted background. */
  brandLine: string;
};

export type BrandScale = {
  /** The colour that was asked for, as `#rrggbb`. */
  requested: string;
  light: BrandTones;
  dark: BrandTones;
  /** Whether the fill of a theme had to leave the requested colour to stay readable: tell the administrator. */
  shifted: { light: boolean; dark: boolean };
};

/** Reads `#rgb` or `#rrggbb`, with or without the hash, as `#rrggbb`; anything else is `null`. */
export function parseBrandColour(text: string): string | null {
  const digits = text.trim().replace(/^#/, '');
  if (!/^([0-9a-f]{3}|[0-9a-f]{6})$/i.test(digits)) return null;
  const colour = parse(`#${digits}`);
  return colour ? formatHex(colour) : null;
}

/**
 * Derives the colours of both themes from one brand colour. Hue is kept; lightness moves, and chroma only as
 * far as sRGB demands, until every pair reaches AA.
 * @param colour `#rgb` or `#rrggbb`
 * @throws RangeError when it is no such colour
 */
export function brandScale(colour: string): BrandScale {
  const requested = parseBrandColour(colour);
  if (!requested) throw new RangeError(`Not a colour of the form #rrggbb: ${colour.slice(0, 40)}`);
  const seed = oklch(requested);
  const light = lightTones(requested, seed);
  const dark = darkTones(requested, seed);
  return {
    requested,
    light,
    dark,
    shifted: { light: light.brand !== requested, dark: dark.brand !== requested },
  };
}

/** WCAG's contrast ratio of two colours of the form `#rrggbb`, 1 to 21. */
export function contrastOf(a: string, b: string): number {
  return wcagContrast(a, b);
}

/** The scale as CSS declarations over tokens.css, for a `style` attribute or a `:root` rule. */
export function brandStyle(scale: BrandScale): string {
  const names: [keyof BrandTones, string][] = [
    ['brand', '--brand'],
    ['brandHover', '--brand-hover'],
    ['onBrand', '--on-brand'],
    ['brandText', '--brand-text'],
    ['brandSoft', '--brand-soft'],
    ['brandLine', '--brand-line'],
  ];
  const rules = names.map(([key, name]) => `${name}:light-dark(${scale.light[key]},${scale.dark[key]})`);
  rules.push(`--focus:light-dark(${scale.light.brandText},${scale.dark.brandText})`);
  return rules.join(';');
}

function lightTones(requested: string, seed: Oklch): BrandTones {
  const { paper, surface, ink } = SURFACES.light;
  const legible = (fill: string) =>
    contrastOf(fill, paper) >= CONTROL_CONTRAST &&
    Math.max(contrastOf('#ffffff', fill), contrastOf(ink, fill)) >= TEXT_CONTRAST;
  const brand = legible(requested) ? requested : move(seed, -STEP, legible);
  const onBrand = contrastOf('#ffffff', brand) >= TEXT_CONTRAST ? '#ffffff' : ink;
  const brandSoft = tone(seed, 0.955, Math.min(seed.c * 0.3, 0.028));
  const onPage = (word: string) =>
    [paper, surface, brandSoft].every((ground) => contrastOf(word, ground) >= TEXT_CONTRAST);
  return {
    brand,
    // Away from what is written on it, so that hovering never costs contrast.
    brandHover: hover(brand, onBrand),
    onBrand,
    brandText: onPage(requested) ? requested : move(seed, -STEP, onPage),
    brandSoft,
    brandLine: tone(seed, 0.84, Math.min(seed.c * 0.6, 0.06)),
  };
}

function darkTones(requested: string, seed: Oklch): BrandTones {
  const { paper, surface, ink } = SURFACES.dark;
  const legible = (fill: string) =>
    contrastOf(fill, surface) >= CONTROL_CONTRAST &&
    Math.max(contrastOf('#ffffff', fill), contrastOf(ink, fill)) >= TEXT_CONTRAST;
  const brand = legible(requested) ? requested : move(seed, STEP, legible);
  const onBrand = contrastOf(ink, brand) >= TEXT_CONTRAST ? ink : '#ffffff';
  const brandSoft = tone(seed, 0.275, Math.min(seed.c * 0.4, 0.04));
  const onPage = (word: string) =>
    [paper, surface, brandSoft].every((ground) => contrastOf(word, ground) >= TEXT_CONTRAST);
  return {
    brand,
    brandHover: hover(brand, onBrand),
    onBrand,
    brandText: onPage(requested) ? requested : move(seed, STEP, onPage),
    brandSoft,
    brandLine: tone(seed, 0.42, Math.min(seed.c * 0.6, 0.065)),
  };
}

function tone(seed: Oklch, l: number, c: number): string {
  return formatHex(intoSrgb({ mode: 'oklch', l, c, h: seed.h ?? 0 }));
}

function hover(brand: string, onBrand: string): string {
  const seed = oklch(brand);
  const away = onBrand === '#ffffff' ? -0.055 : 0.055;
  return tone(seed, Math.min(Math.max(seed.l + away, 0), 1), seed.c);
}

/** Walks the lightness from the seed towards black or white until `fits`; black or white itself always does. */
function move(seed: Oklch, step: number, fits: (hex: string) => boolean): string {
  for (let l = seed.l; l >= 0 && l <= 1; l += step) {
    const candidate = tone(seed, l, seed.c);
    if (fits(candidate)) return candidate;
  }
  return step < 0 ? '#000000' : '#ffffff';
}
