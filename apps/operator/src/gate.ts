/** Lets a few in at a time, in order; those who are called `ahead` before the others. */
export class Gate {
  #free: number;
  readonly #ahead: (() => void)[] = [];
  readonly #others: (() => void)[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  /** Resolves when there is a place; call the answer once to give it back. */
  async enter(rank: 'ahead' | 'other'): Promise<() => void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => (rank === 'ahead' ? this.#ahead : this.#others).push(resolve));
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      const next = this.#ahead.shift() ?? this.#others.shift();
      if (next) next();
      else this.#free++;
    };
  }
}
