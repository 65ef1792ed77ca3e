import { accountOperations } from './accounts/operations.ts';
import { adminOperations } from './admin/operations.ts';
import { assessmentOperations } from './assessment/operations.ts';
import { assetOperations } from './assets/operations.ts';
import { auditOperations } from './audit/operations.ts';
import { backupOperations } from './backups/operations.ts';
import { billingOperations } from './billing/operations.ts';
import { catalogueOperations } from './catalogue/operations.ts';
import { courseOperations } from './courses/operations.ts';
import { credentialOperations } from './credentials/operations.ts';
import { enrolmentOperations } from './enrolments/operations.ts';
import { exportOperations } from './exports/operations.ts';
import type { Implementation } from './http/implement.ts';
import { importOperations } from './imports/operations.ts';
import { incidentOperations } from './incidents/operations.ts';
import { instanceOperations } from './instances/operations.ts';
import { machineOperations } from './machines/operations.ts';
import { meteringOperations } from './metering/operations.ts';
import { orderOperations } from './orders/operations.ts';
import { organisationOperations } from './organisations/operations.ts';
import { peopleOperations } from './people/operations.ts';
import { planOperations } from './plans/operations.ts';
import { progressOperations } from './progress/operations.ts';
import { recoveryOperations } from './recovery/operations.ts';
import { releaseOperations } from './releases/operations.ts';
import { roleOperations } from './roles/operations.ts';
import { siteOperations } from './site/operations.ts';
import { staffOperations } from './staff/operations.ts';
import { studioOperations } from './studio/operations.ts';
import { supportOperations } from './support/operations.ts';
import { syntheticOperations } from './synthetic/operations.ts';
import { teamOperations } from './team/operations.ts';
import { uploadOperations } from './uploads/operations.ts';
import { userOperations } from './users/operations.ts';

/** What carries out each operation of the contract. */
export const implementations: readonly Implementation[] = [
  ...staffOperations,
  ...planOperations,
  ...organisationOperations,
  ...orderOperations,
  ...instanceOperations,
  ...releaseOperations,
  ...incidentOperations,
  ...machineOperations,
  ...meteringOperations,
  ...backupOperations,
  ...billingOperations,
  ...accountOperations,
  ...adminOperations,
  ...recoveryOperations,
  ...assessmentOperations,
  ...assetOperations,
  ...uploadOperations,
  ...auditOperations,
  ...catalogueOperations,
  ...courseOperations,
  ...credentialOperations,
  ...enrolmentOperations,
  ...exportOperations,
  ...importOperations,
  ...peopleOperations,
  ...progressOperations,
  ...roleOperations,
  ...teamOperations,
  ...siteOperations,
  ...studioOperations,
  ...supportOperations,
  ...syntheticOperations,
  ...userOperations,
];
