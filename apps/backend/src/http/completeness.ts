import { type Operation, operations } from '@preau/contract';
import type { Implementation } from './implement.ts';

/** Operations of the contract that nothing carries out, and those carried out twice. */
export function contractGaps(implementations: readonly Implementation[]): string[] {
  const counts = new Map<string, number>();
  for (const { operation } of implementations) counts.set(operation.id, (counts.get(operation.id) ?? 0) + 1);
  return (Object.values(operations) as Operation[])
    .filter(({ id }) => counts.get(id) !== 1)
    .map(({ id }) =>
      counts.has(id) ? `${id} is implemented ${counts.get(id)} times` : `${id} is not implemented`,
    );
}
