/*
 * Rich text: what browsers need of this package. Whoever reads files imports `coursePackage`, `gift` or `markdown`
 * by name.
 */
export * from './reading.ts';
export * from './richText.ts';
export { embedOf, isSafeUrl } from './url.ts';
