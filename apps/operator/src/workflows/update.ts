import type { Procedure } from './procedure.ts';
import { restart } from './restart.ts';

/** The same as a restart: a fresh process always runs the current release. */
export const update: Procedure = { ...restart, type: 'update' };
