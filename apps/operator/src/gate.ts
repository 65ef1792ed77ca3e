/** Lets a few in at a time, in order; those who are called `ahead` before the others. */
export class Gate {
  readonly #places: number;
  #free: number;
  #emptySince = performance.now();
  readonly #ahead: (() => void)[] = [];
  readonly #others: (() => void)[] = [];

  constructor(places: number) {
    this.#places = places;
    this.#free = places;
  }

  /** For how long nobody has been inside or waiting, in milliseconds. */
  get emptyFor(): number {
    return this.#free === this.#places ? performance.now() - this.#emptySince : 0;
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
      else if (++this.#free === this.#places) this.#emptySince = performance.now();
    };
  }
}
