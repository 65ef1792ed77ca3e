import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { readPlans } from './list.ts';

export const planOperations: Implementation[] = [
  implement(operations.listPlans, ({ scoped }) => readPlans(scoped({ kind: 'platform' }))),
];
