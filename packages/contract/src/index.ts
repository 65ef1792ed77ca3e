export * from './client.ts';
export * from './operation.ts';
export { type OperationId, type Operations, operations } from './operations.ts';
export * from './permission.ts';
export * from './primitives.ts';
export * from './problem.ts';
