/**
 * One thing at a time for each instance: a wake, a sleep, or the reconciler's look at it. Operations wait for what is
 * under way before they begin, and none of the three begins while an operation is open: so nobody finds a process
 * half-way that somebody else is starting or stopping.
 */
export class Transitions {
  readonly #under = new Map<string, Promise<void>>();
  readonly #ended = new Map<string, number>();
  #now = 0;

  /** A moment to compare with: take it before reading what is to be acted upon. */
  moment(): number {
    return this.#now;
  }

  /** Whether something is under way, or ended after that moment: what was read then may not hold any more. */
  isStale(instanceId: string, moment: number): boolean {
    return this.#under.has(instanceId) || (this.#ended.get(instanceId) ?? 0) > moment;
  }

  isUnderWay(instanceId: string): boolean {
    return this.#under.has(instanceId);
  }

  /** Resolves when nothing is under way. */
  async settled(instanceId: string): Promise<void> {
    for (let one = this.#under.get(instanceId); one; one = this.#under.get(instanceId)) await one;
  }

  /** Begins when nothing is under way any more. */
  async inTurn<T>(instanceId: string, work: () => Promise<T>): Promise<T> {
    for (let one = this.#under.get(instanceId); one; one = this.#under.get(instanceId)) await one;
    const running = work();
    const end = () => {
      this.#now++;
      this.#ended.set(instanceId, this.#now);
      this.#under.delete(instanceId);
    };
    this.#under.set(instanceId, running.then(end, end));
    return running;
  }
}
