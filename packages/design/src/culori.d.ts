// culori ships no types. Only what brandScale.ts uses.
declare module 'culori/fn' {
  export type Oklch = { mode: 'oklch'; l: number; c: number; h?: number };
  export type Rgb = { mode: 'rgb'; r: number; g: number; b: number };
  export type Mode = { mode: string };
  export const modeRgb: Mode;
  export const modeLrgb: Mode;
  export const modeOklab: Mode;
  export const modeOklch: Mode;
  export function useMode(mode: Mode): (colour: Oklch | Rgb | string) => Oklch;
  export function parse(text: string): Rgb | undefined;
  export function toGamut(destination: 'rgb', mode: 'oklch'): (colour: Oklch) => Rgb;
  export function formatHex(colour: Oklch | Rgb): string;
  export function wcagContrast(a: string | Oklch | Rgb, b: string | Oklch | Rgb): number;
}

declare module 'culori' {
  export { formatHex, parse, wcagContrast } from 'culori/fn';
}
