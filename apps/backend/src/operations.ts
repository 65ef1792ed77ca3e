import { assessmentOperations } from './assessment/operations.ts';
import { catalogueOperations } from './catalogue/operations.ts';
import { courseOperations } from './courses/operations.ts';
import type { Implementation } from './http/implement.ts';
import { progressOperations } from './progress/operations.ts';
import { studioOperations } from './studio/operations.ts';

/** What carries out each operation of the contract. */
export const implementations: readonly Implementation[] = [
  ...assessmentOperations,
  ...catalogueOperations,
  ...courseOperations,
  ...progressOperations,
  ...studioOperations,
];
