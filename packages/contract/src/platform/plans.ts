import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { currency, id, minor } from '../primitives.ts';

export const interval = z.enum(['month', 'year']);

/** What may be uploaded; a package is a zip of web pages that runs on the tenant's content origin. */
export const fileKind = z.enum(['image', 'document', 'audio', 'video', 'package']);
export type FileKind = z.infer<typeof fileKind>;

/** What a plan grants; null means without limit. */
export const entitlements = z.object({
  learners: z.int().nullable(),
  trainers: z.int().nullable(),
  storageMegabytes: z.int(),
  /** The largest file. What was sold before this limit existed has the smallest plan's. */
  fileMegabytes: z.int().default(200),
  fileKinds: z.array(fileKind).default(['image', 'document', 'audio', 'package']),
  memoryMegabytes: z.int(),
  /** What visitors may load in a month; what was sold before this limit existed has none. Beyond it nothing is cut. */
  trafficMegabytes: z.int().nullable().default(null),
  /** Hours of one processor core in a month, started ones included; null: as many as it takes. Beyond it nothing is cut. */
  processorHours: z.int().nullable().default(null),
  customDomain: z.boolean(),
  alwaysOn: z.boolean(),
  support: z.enum(['mail', 'priority', 'dedicated']),
});
export type Entitlements = z.infer<typeof entitlements>;

export const localised = z.object({ fr: z.string(), en: z.string() });

export const price = z.object({ id, interval, currency, amountMinor: minor });
export const plan = z.object({
  id,
  code: z.string(),
  name: localised,
  tagline: localised,
  features: z.array(localised),
  highlighted: z.boolean(),
  entitlements,
  prices: z.array(price),
});
export type Plan = z.infer<typeof plan>;

export const addOn = z.object({
  id,
  code: z.string(),
  name: localised,
  description: localised,
  prices: z.array(price),
});
export type AddOn = z.infer<typeof addOn>;

export const listPlans = defineOperation({
  id: 'listPlans',
  method: 'GET',
  path: '/v1/plans',
  tag: 'Plans',
  identity: 'public',
  summary: 'Plans and add-ons on sale, in order, with their current prices (net of tax)',
  response: z.object({ plans: z.array(plan), addOns: z.array(addOn) }),
});
