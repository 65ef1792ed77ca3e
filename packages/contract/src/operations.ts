import type { Operation } from './operation.ts';
import * as accounts from './platform/accounts.ts';
import * as admin from './platform/admin.ts';
import * as backups from './platform/backups.ts';
import * as billing from './platform/billing.ts';
import * as deletion from './platform/deletion.ts';
import * as exports from './platform/exports.ts';
import * as instances from './platform/instances.ts';
import * as machines from './platform/machines.ts';
import * as metering from './platform/metering.ts';
import * as orders from './platform/orders.ts';
import * as organisations from './platform/organisations.ts';
import * as plans from './platform/plans.ts';
import * as recovery from './platform/recovery.ts';
import * as releases from './platform/releases.ts';
import * as staff from './platform/staff.ts';
import * as platformSupport from './platform/support.ts';
import * as synthetic from './platform/synthetic.ts';
import * as assessment from './tenant/assessment.ts';
import * as assets from './tenant/assets.ts';
import * as credentials from './tenant/credentials.ts';
import * as enrolments from './tenant/enrolments.ts';
import * as imports from './tenant/imports.ts';
import * as journal from './tenant/journal.ts';
import * as learning from './tenant/learning.ts';
import * as people from './tenant/people.ts';
import * as roles from './tenant/roles.ts';
import * as sessions from './tenant/sessions.ts';
import * as site from './tenant/site.ts';
import * as studio from './tenant/studio.ts';
import * as support from './tenant/support.ts';
import * as team from './tenant/team.ts';
import * as trainers from './tenant/trainers.ts';

const modules = {
  ...accounts,
  ...staff,
  ...organisations,
  ...plans,
  ...orders,
  ...billing,
  ...instances,
  ...releases,
  ...admin,
  ...machines,
  ...metering,
  ...backups,
  ...exports,
  ...deletion,
  ...recovery,
  ...platformSupport,
  ...synthetic,
  ...site,
  ...sessions,
  ...learning,
  ...assessment,
  ...credentials,
  ...assets,
  ...studio,
  ...enrolments,
  ...imports,
  ...people,
  ...roles,
  ...journal,
  ...support,
  ...team,
  ...trainers,
};

type Modules = typeof modules;
type OperationKeys = {
  [K in keyof Modules]: Modules[K] extends { path: string; method: string; id: K } ? K : never;
}[keyof Modules];

/** Every operation of the API by its id. */
export type Operations = Pick<Modules, OperationKeys>;
export type OperationId = keyof Operations;

function isOperation(value: unknown): value is Operation {
  return typeof value === 'object' && value !== null && 'path' in value && 'identity' in value;
}

export const operations = Object.fromEntries(
  Object.entries(modules).filter(([, value]) => isOperation(value)),
) as unknown as Operations;
