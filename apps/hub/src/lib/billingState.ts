import type { Invoice, Subscription } from '@preau/contract/platform/billing';
import * as m from '#lib/paraglide/messages.js';

type Look = { kind: 'success' | 'info' | 'warning' | 'danger' | 'neutral'; label: () => string };

export const subscriptionStates: Record<Subscription['state'], Look> = {
  pending: { kind: 'neutral', label: m.portal_sub_pending },
  trialing: { kind: 'info', label: m.portal_sub_trialing },
  active: { kind: 'success', label: m.portal_sub_active },
  past_due: { kind: 'warning', label: m.portal_sub_past_due },
  unpaid: { kind: 'danger', label: m.portal_sub_unpaid },
  paused: { kind: 'warning', label: m.portal_sub_paused },
  cancelled: { kind: 'neutral', label: m.portal_sub_cancelled },
};

export const invoiceStates: Record<Invoice['state'], Look> = {
  draft: { kind: 'neutral', label: m.portal_inv_draft },
  open: { kind: 'warning', label: m.portal_inv_open },
  paid: { kind: 'success', label: m.portal_inv_paid },
  void: { kind: 'neutral', label: m.portal_inv_void },
  uncollectible: { kind: 'danger', label: m.portal_inv_uncollectible },
  refunded: { kind: 'info', label: m.portal_inv_refunded },
};
