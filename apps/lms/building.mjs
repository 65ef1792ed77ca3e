import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const RETRY_MS = 500;

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until nobody else builds in this folder, then holds it until the process ends. */
export async function alone(folder) {
  const lock = join(folder, '.building');
  mkdirSync(folder, { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch {
      const holder = Number(readFileSync(lock, { encoding: 'utf8', flag: 'a+' }));
      if (!holder || !alive(holder)) rmSync(lock, { force: true });
      else await wait(RETRY_MS);
    }
  }
  process.on('exit', () => rmSync(lock, { force: true }));
}
