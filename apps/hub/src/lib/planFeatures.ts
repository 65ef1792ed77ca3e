import type { Plan } from '@preau/contract/platform/plans';
import * as m from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';

const MEGABYTES_IN_GIGABYTE = 1024;

const number = (value: number) => value.toLocaleString(getLocale() === 'fr' ? 'fr-FR' : 'en-GB');

/** What a plan offers: in the seller's words where there are any, from what it grants otherwise. */
export function planFeatures({ features, entitlements }: Plan): string[] {
  if (features.length > 0) return features.map((feature) => feature[getLocale()]);
  const { learners, trainers, storageMegabytes, alwaysOn, support } = entitlements;
  const size = number(Math.round((storageMegabytes / MEGABYTES_IN_GIGABYTE) * 10) / 10);
  return [
    learners === null ? m.plan_learners_unlimited() : m.plan_learners({ count: number(learners) }),
    trainers === null ? m.plan_trainers_unlimited() : m.plan_trainers({ count: number(trainers) }),
    m.plan_storage({ size }),
    ...(alwaysOn ? [m.plan_always_on()] : []),
    { mail: m.plan_support_mail, priority: m.plan_support_priority, dedicated: m.plan_support_dedicated }[
      support
    ](),
  ];
}

export type Interval = 'month' | 'year';
export const isInterval = (text: string | null): text is Interval => text === 'month' || text === 'year';

/** How much a year costs less than twelve months, in whole percent. */
export function yearlySaving(plan: Plan): number {
  const month = plan.prices.find(({ interval }) => interval === 'month')?.amountMinor;
  const year = plan.prices.find(({ interval }) => interval === 'year')?.amountMinor;
  return month && year ? Math.round((1 - year / (month * 12)) * 100) : 0;
}
