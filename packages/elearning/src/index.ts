export * from './reading.ts';
export * from './richText.ts';
export { embedOf, isSafeUrl } from './url.ts';
