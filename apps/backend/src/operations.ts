import { adminOperations } from './admin/operations.ts';
import { assessmentOperations } from './assessment/operations.ts';
import { assetOperations } from './assets/operations.ts';
import { catalogueOperations } from './catalogue/operations.ts';
import { courseOperations } from './courses/operations.ts';
import { credentialOperations } from './credentials/operations.ts';
import { enrolmentOperations } from './enrolments/operations.ts';
import type { Implementation } from './http/implement.ts';
import { peopleOperations } from './people/operations.ts';
import { progressOperations } from './progress/operations.ts';
import { siteOperations } from './site/operations.ts';
import { studioOperations } from './studio/operations.ts';
import { userOperations } from './users/operations.ts';

/** What carries out each operation of the contract. */
export const implementations: readonly Implementation[] = [
  ...adminOperations,
  ...assessmentOperations,
  ...assetOperations,
  ...catalogueOperations,
  ...courseOperations,
  ...credentialOperations,
  ...enrolmentOperations,
  ...peopleOperations,
  ...progressOperations,
  ...siteOperations,
  ...studioOperations,
  ...userOperations,
];
