import type { Identity, Locale } from '@preau/contract';
import type { Me } from '@preau/contract/tenant/sessions';
import type { Support } from '../support/session.ts';

export interface AnonymousCaller {
  kind: 'anonymous';
}
export interface ServiceCaller {
  kind: 'service';
  service: 'hub' | 'operator';
}
export interface AccountCaller {
  kind: 'account';
  sessionId: string;
  account: { id: string; email: string; name: string; locale: Locale };
}
export interface StaffCaller {
  kind: 'staff';
  sessionId: string;
  staff: { id: string; email: string; name: string };
}
export interface InstanceCaller {
  kind: 'instance';
  tenantId: string;
  instanceId: string;
  release: string;
}
/** What nobody has who stands for no person of the platform: support, and the operator's probe. */
export const nobodysOwn = { customRole: null, hasPassword: false, factorDue: null, locale: 'fr' } as const;

export interface UserCaller {
  kind: 'user';
  tenantId: string;
  instanceId: string;
  release: string;
  sessionId: string;
  user: Omit<Me, 'support'>;
  /** Staff, on behalf of an access that the tenant granted: `user` is then the row that stands for them. */
  support?: Support;
  /** The operator, looking at a release's pages: `user` is then nobody (`probes/probe.ts`). */
  probe?: true;
}
export type Caller =
  | AnonymousCaller
  | ServiceCaller
  | AccountCaller
  | StaffCaller
  | InstanceCaller
  | UserCaller;

/** Who the caller can be, given the identity that an operation asks for. */
export type CallerOf<I extends Identity> = I extends 'public'
  ? Caller
  : I extends 'hub' | 'operator' | 'service'
    ? ServiceCaller
    : I extends 'account'
      ? AccountCaller
      : I extends 'staff'
        ? StaffCaller
        : I extends 'instance'
          ? InstanceCaller
          : I extends 'visitor'
            ? InstanceCaller | UserCaller
            : UserCaller;
