/** When instances sleep. */
export interface SleepPolicy {
  /** Nobody has used it for so long; 0: never for that reason. */
  idleMs: number;
  /** Share of the memory beyond which the least recently used sleep earlier; 1: never. */
  memoryShare: number;
}

/** Under pressure too, an instance that was used within this time is left alone: it would come back at once. */
export const PRESSED_IDLE_MS = 60_000;

export interface Candidate {
  instanceId: string;
  /** How long nobody has used it. */
  idleMs: number;
  memoryBytes: number;
}

/**
 * Who sleeps now: everybody who has been idle for long enough, and, while memory is short, the least recently used
 * until what is over the limit would be free.
 * @returns instance id and the idle time that must still hold when it is put to sleep
 */
export function chooseSleepers(
  candidates: readonly Candidate[],
  { idleMs }: SleepPolicy,
  excessBytes: number,
): { instanceId: string; idleMs: number }[] {
  const chosen: { instanceId: string; idleMs: number }[] = [];
  let excess = excessBytes;
  for (const { instanceId, ...one } of [...candidates].sort((a, b) => b.idleMs - a.idleMs)) {
    const due = idleMs > 0 && one.idleMs >= idleMs;
    if (!due && (excess <= 0 || one.idleMs < PRESSED_IDLE_MS)) continue;
    excess -= one.memoryBytes;
    chosen.push({ instanceId, idleMs: due ? idleMs : PRESSED_IDLE_MS });
  }
  return chosen;
}
