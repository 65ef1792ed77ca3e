import type { Procedure } from './procedure.ts';
import { restart } from './restart.ts';

/** The same as a restart: a process takes its key when it starts, and every swap brings a new one. */
export const rotate: Procedure = { ...restart, type: 'rotate' };
