import type { Role } from '@preau/contract';
import type { InstanceCaller, UserCaller } from '../http/caller.ts';

/** Who asks. */
export interface User {
  id: string;
  role: Role;
}
/** Null is a visitor who is not signed in. */
export type Viewer = User | null;

export function viewerOf(caller: InstanceCaller | UserCaller): Viewer {
  return caller.kind === 'user' ? caller.user : null;
}

/** Trainers and administrators write courses and follow learners. */
export function isAuthor(viewer: Viewer): boolean {
  return viewer?.role === 'trainer' || viewer?.role === 'administrator';
}
