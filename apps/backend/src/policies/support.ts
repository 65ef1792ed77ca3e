import { definePolicy } from './policy.ts';
import { permits } from './viewer.ts';

/** Who lets our support in, answers its requests and ends its accesses. */
export const can = definePolicy('support', (viewer, _verb: 'decide', _accesses: null) =>
  permits(viewer, 'support.grant'),
);
