import { definePolicy } from './policy.ts';
import { permits } from './viewer.ts';

/** The platform's log is one object: who reads it may also export and verify it. */
export const can = definePolicy('audit', (viewer, _verb: 'read', _log: null) =>
  permits(viewer, 'audit.read'),
);
