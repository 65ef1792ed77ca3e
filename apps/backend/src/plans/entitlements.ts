import { type Entitlements, entitlements, fileKind } from '@preau/contract/platform/plans';
import { z } from 'zod';

/** What an add-on adds to a plan; amounts are added, switches switched on, the better support wins. */
export const grant = z.object({
  learners: z.int().optional(),
  trainers: z.int().optional(),
  storageMegabytes: z.int().optional(),
  fileMegabytes: z.int().optional(),
  fileKinds: z.array(fileKind).optional(),
  memoryMegabytes: z.int().optional(),
  customDomain: z.boolean().optional(),
  alwaysOn: z.boolean().optional(),
  support: entitlements.shape.support.optional(),
});
export type Grant = z.infer<typeof grant>;

const supportOrder = entitlements.shape.support.options;

/** What a plan and its add-ons grant together. */
export function entitlementsOf(plan: Entitlements, grants: readonly Grant[]): Entitlements {
  return grants.reduce<Entitlements>(
    (sum, more) => ({
      learners: sum.learners === null ? null : sum.learners + (more.learners ?? 0),
      trainers: sum.trainers === null ? null : sum.trainers + (more.trainers ?? 0),
      storageMegabytes: sum.storageMegabytes + (more.storageMegabytes ?? 0),
      fileMegabytes: sum.fileMegabytes + (more.fileMegabytes ?? 0),
      fileKinds: [...new Set([...sum.fileKinds, ...(more.fileKinds ?? [])])],
      memoryMegabytes: sum.memoryMegabytes + (more.memoryMegabytes ?? 0),
      trafficMegabytes: sum.trafficMegabytes,
      processorHours: sum.processorHours,
      customDomain: sum.customDomain || more.customDomain === true,
      alwaysOn: sum.alwaysOn || more.alwaysOn === true,
      support:
        more.support && supportOrder.indexOf(more.support) > supportOrder.indexOf(sum.support)
          ? more.support
          : sum.support,
    }),
    plan,
  );
}
