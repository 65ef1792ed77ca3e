import { definePolicy } from './policy.ts';
import { permits, type Relation } from './viewer.ts';

/** Taking names, addresses and results out as a file takes being allowed to see them, too. */
export const can = definePolicy('export', (viewer, _verb: 'personal-data', people: Relation) =>
  (['progress.read', 'export.personal-data'] as const).every((name) => permits(viewer, name, people)),
);
