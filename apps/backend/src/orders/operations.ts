import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { GOVERNING, requireMember } from '../organisations/membership.ts';
import { cancel, storeCheckout } from './checkout.ts';
import { judgeSubdomain, reserveSubdomain } from './claim.ts';
import { requireLogo } from './logo.ts';
import { place } from './place.ts';
import { readOrder } from './read.ts';

export const orderOperations: Implementation[] = [
  implement(operations.checkSubdomain, ({ db, params, query }) =>
    judgeSubdomain(db, params.candidate, query.organisationId ?? null),
  ),
  implement(operations.claimSubdomain, async ({ db, caller, params, body }) => {
    await requireMember(db, caller, params.organisationId, GOVERNING);
    const expiresAt = await db.transaction((tx) => reserveSubdomain(tx, params.organisationId, body.slug));
    return { slug: body.slug, expiresAt: expiresAt.toISOString() };
  }),
  implement(operations.placeOrder, async ({ db, caller, params, body, locale }) => {
    await requireLogo(body.branding, locale, 'branding.logo');
    return place(db, caller, params.organisationId, body);
  }),
  implement(operations.getOrder, ({ db, caller, params }) => readOrder(db, caller, params.orderId)),
  implement(operations.recordCheckout, ({ db, caller, params, body }) =>
    storeCheckout(db, caller, params.orderId, body),
  ),
  implement(operations.cancelOrder, async ({ db, caller, params }) => {
    await cancel(db, caller, params.orderId);
  }),
];
