import type { LogAnswer } from '@preau/contract/wake';
import { type Driver, slots } from './driver.ts';

const LINES = 300;

/** The last lines of an instance's processes; the one that runs comes last. Undefined where the driver knows none. */
export async function readLog(
  driver: Pick<Driver, 'list' | 'inspect' | 'logs'>,
  instanceId: string,
): Promise<LogAnswer | undefined> {
  if (!(await driver.list()).includes(instanceId)) return undefined;
  const written = await Promise.all(
    slots.map(async (slot) => ({
      running: (await driver.inspect(instanceId, slot)).presence === 'running',
      lines: await driver.logs(instanceId, slot, LINES),
    })),
  );
  const ordered = written.sort((a, b) => Number(a.running) - Number(b.running));
  return { lines: ordered.flatMap(({ lines }) => lines).slice(-LINES) };
}
