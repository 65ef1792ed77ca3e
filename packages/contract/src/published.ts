import { join } from 'node:path';

/** The file that holds what a version of the API promised when it was last published. */
export const publishedApi = (version: number): string =>
  join(import.meta.dirname, '../published', `v${version}.json`);
