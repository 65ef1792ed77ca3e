import type { Grants, Permission, Role } from '@preau/contract';
import type { InstanceCaller, UserCaller } from '../http/caller.ts';

/** Who asks. */
export interface User {
  id: string;
  role: Role;
  /** What the role allows: built in, or composed by the tenant. */
  grants: Grants;
}
/** Null is a visitor who is not signed in. */
export type Viewer = User | null;

export function viewerOf(caller: InstanceCaller | UserCaller): Viewer {
  return caller.kind === 'user' ? caller.user : null;
}

/** How an object relates to the viewer. */
export interface Relation {
  /** The viewer is a trainer of the course it belongs to. */
  own?: boolean;
  /** The viewer is the manager of the person it is about. */
  team?: boolean;
}

/** Whether the viewer's role grants a permission for an object that relates to them so. */
export function permits(viewer: Viewer, permission: Permission, { own, team }: Relation = {}): boolean {
  const reach = viewer?.grants[permission];
  if (!reach) return false;
  return (
    reach.includes('all') ||
    (own === true && reach.includes('own')) ||
    (team === true && reach.includes('team'))
  );
}

/** For lists: whether the viewer sees every row, only those that relate to them, or none. */
export function reachOf(viewer: Viewer, permission: Permission): 'all' | 'related' | 'none' {
  const reach = viewer?.grants[permission];
  if (!reach || reach.length === 0) return 'none';
  return reach.includes('all') ? 'all' : 'related';
}
