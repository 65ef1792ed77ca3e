import { readFile } from 'node:fs/promises';

const GROUP = '/sys/fs/cgroup';
/** What the kernel says where a group of version 1 has no limit. */
const NO_LIMIT = 2 ** 60;

export interface MemoryUse {
  usedBytes: number;
  totalBytes: number;
}

/** Memory in use that cannot be had back by dropping caches: of our control group where that is limited, else of the machine. */
export async function readMemoryUse(): Promise<MemoryUse | undefined> {
  return (
    (await ofGroup(`${GROUP}/memory.max`, `${GROUP}/memory.current`, `${GROUP}/memory.stat`)) ??
    (await ofGroup(
      `${GROUP}/memory/memory.limit_in_bytes`,
      `${GROUP}/memory/memory.usage_in_bytes`,
      `${GROUP}/memory/memory.stat`,
    )) ??
    ofMachine()
  );
}

async function ofGroup(limit: string, use: string, stat: string): Promise<MemoryUse | undefined> {
  try {
    const [most = '', used = '', details = ''] = await Promise.all(
      [limit, use, stat].map((path) => readFile(path, 'utf8')),
    );
    const totalBytes = Number(most);
    if (!(totalBytes < NO_LIMIT)) return undefined;
    const cached = Number(/^(?:total_)?inactive_file (\d+)$/m.exec(details)?.[1] ?? 0);
    return { usedBytes: Number(used) - cached, totalBytes };
  } catch {
    return undefined;
  }
}

async function ofMachine(): Promise<MemoryUse | undefined> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) * 1024;
  const totalBytes = bytes('MemTotal');
  const usedBytes = totalBytes - bytes('MemAvailable');
  return Number.isFinite(usedBytes) ? { usedBytes, totalBytes } : undefined;
}
