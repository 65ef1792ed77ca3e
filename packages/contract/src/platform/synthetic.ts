/** The synthetic customer: the operator signs up as anybody would, every two hours, and is removed afterwards. */
import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { provider } from './billing.ts';

const tag = 'Instances';
const identity = 'operator';

/** Where synthetic customers have their addresses: nobody's, for ever (RFC 2606, section 2). */
export const SYNTHETIC_DOMAIN = 'visite.invalid';

const mailbox = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);

export const readSyntheticMail = defineOperation({
  id: 'readSyntheticMail',
  method: 'POST',
  path: '/v1/operator/synthetic/mail',
  tag,
  identity,
  summary: 'The newest mail to a synthetic customer, as text; null where there is none yet',
  body: z.object({
    /** What stands before the domain. */
    mailbox,
  }),
  response: z.object({ text: z.string().nullable() }),
});

export const removeSyntheticCustomers = defineOperation({
  id: 'removeSyntheticCustomers',
  method: 'POST',
  path: '/v1/operator/synthetic/removal',
  tag,
  identity,
  summary:
    'Remove every synthetic customer. Opens the deletion of platforms that still stand; repeat it until nothing is left',
  response: z.object({
    /** Platforms and subscriptions that are not over yet. */
    left: z.int(),
    /** Of those: what the provider must be told to end. */
    subscriptions: z.array(z.object({ provider, ref: z.string() })),
  }),
});
