import { createHmac } from 'node:crypto';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** `jsonb` writes the shortest key first, and no column's name is shorter. */
const OWN = /^\{"id": "([0-9a-f-]{36})"/;

/** The id of a row, from its JSON. */
export const ownId = (json: string): string | undefined => OWN.exec(json)?.[1];

/**
 * Gives the rows of one tenant the ids that a copy of them has: the same id always becomes the same other one, in
 * columns, rich texts, rules and keys of files alike, so that everything goes on pointing at what it pointed at.
 * What is no id of the tenant's (an id that somebody wrote into a lesson, the lineage of a chapter) stays.
 */
export class Identifiers {
  readonly #known: Map<string, string>;
  readonly #salt: string;

  /** @param salt two copies of one backup have different ids */
  constructor(from: string, to: string, salt: string) {
    this.#salt = salt;
    this.#known = new Map([[from, to]]);
  }

  /** Notes that rows of others may name this one. */
  note(id: string): void {
    this.#known.set(id, this.#other(id));
  }

  /** The row with the ids of the copy. */
  rewrite(json: string): string {
    const own = ownId(json);
    return json.replace(UUID, (id) => this.#known.get(id) ?? (id === own ? this.#other(id) : id));
  }

  /** The same for a key of the store. */
  rewriteKey(key: string): string {
    return key.replace(UUID, (id) => this.#known.get(id) ?? id);
  }

  /** The first half stays, which in UUIDv7 is the time: rows keep their order. */
  #other(id: string): string {
    const digest = createHmac('sha256', this.#salt).update(id).digest('hex');
    return `${id.slice(0, 15)}${digest.slice(0, 3)}-8${digest.slice(3, 6)}-${digest.slice(6, 18)}`;
  }
}
