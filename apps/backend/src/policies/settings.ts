import { definePolicy } from './policy.ts';
import { permits } from './viewer.ts';

/** The platform's settings are one object; there is nothing to tell apart. */
export const can = definePolicy('settings', (viewer, _verb: 'read' | 'write', _settings: null) =>
  permits(viewer, 'settings.write'),
);
