import type { CollectionConfig } from 'payload';
import * as accounts from './accounts.ts';
import * as audit from './audit.ts';
import * as commerce from './commerce.ts';
import * as fleet from './fleet.ts';
import * as keeping from './keeping.ts';
import * as metering from './metering.ts';
import * as releases from './releases.ts';

/** Everything that is the platform's own. */
export const platformCollections: CollectionConfig[] = [
  ...Object.values(accounts),
  ...Object.values(commerce),
  ...Object.values(fleet),
  ...Object.values(releases),
  ...Object.values(audit),
  ...Object.values(metering),
  ...Object.values(keeping),
];
