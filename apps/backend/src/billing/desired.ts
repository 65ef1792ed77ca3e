import type { SubscriptionSnapshot } from '@preau/contract/platform/billing';

const DAY_MS = 86_400_000;
/** Days after an unpaid invoice fell due until a platform takes nobody new in, and until it is suspended. */
export const READ_ONLY_AFTER_DAYS = 7;
export const SUSPENDED_AFTER_DAYS = 14;

/** What a subscription entitles its platform to. `nothing`: the name is held, no platform is made. */
export type Desired = { run: 'nothing' | 'running' | 'suspended'; readOnly: boolean };

/**
 * What should be, from the subscription as it was fetched and the clock alone, never from an event
 * (reference: billing, principle 1).
 * @param now milliseconds since 1970
 */
export function desiredOf(
  { state, pastDueSince }: Pick<SubscriptionSnapshot, 'state' | 'pastDueSince'>,
  now: number,
): Desired {
  switch (state) {
    case 'pending':
      return { run: 'nothing', readOnly: false };
    case 'trialing':
    case 'active':
      return { run: 'running', readOnly: false };
    case 'past_due': {
      const days = pastDueSince ? (now - Date.parse(pastDueSince)) / DAY_MS : 0;
      if (days >= SUSPENDED_AFTER_DAYS) return { run: 'suspended', readOnly: false };
      return { run: 'running', readOnly: days >= READ_ONLY_AFTER_DAYS };
    }
    case 'unpaid':
    case 'paused':
    case 'cancelled':
      return { run: 'suspended', readOnly: false };
  }
}

/** When an overdue platform changes, for the mail that announces it. */
export function duesOf(pastDueSince: string): { readOnlyOn: Date; suspendedOn: Date } {
  const due = Date.parse(pastDueSince);
  return {
    readOnlyOn: new Date(due + READ_ONLY_AFTER_DAYS * DAY_MS),
    suspendedOn: new Date(due + SUSPENDED_AFTER_DAYS * DAY_MS),
  };
}
