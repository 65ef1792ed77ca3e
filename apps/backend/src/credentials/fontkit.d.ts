declare module 'fontkit' {
  /** The part of fontkit that certificates use. */
  export interface Font {
    hasGlyphForCodePoint(codePoint: number): boolean;
  }
  export function create(bytes: Uint8Array): Font;
}
