import type { Method } from '@preau/contract';
import type { Implementation } from './implement.ts';

interface Node {
  literal: Map<string, Node>;
  parameter?: { node: Node };
  methods: Map<Method, { implementation: Implementation; names: string[] }>;
}

const node = (): Node => ({ literal: new Map(), methods: new Map() });

export type Match =
  | { found: Implementation; params: Record<string, string> }
  | { found: undefined; methods: Method[] };

/** Finds the operation of a path segment by segment; a literal segment wins over a parameter. */
export class Router {
  readonly #root = node();

  constructor(implementations: readonly Implementation[]) {
    for (const implementation of implementations) this.#add(implementation);
  }

  #add(implementation: Implementation): void {
    const names: string[] = [];
    let place = this.#root;
    for (const segment of implementation.operation.path.slice(1).split('/')) {
      const name = /^\{(\w+)\}$/.exec(segment)?.[1];
      if (name) {
        names.push(name);
        place.parameter ??= { node: node() };
        place = place.parameter.node;
      } else {
        let next = place.literal.get(segment);
        if (!next) {
          next = node();
          place.literal.set(segment, next);
        }
        place = next;
      }
    }
    place.methods.set(implementation.operation.method, { implementation, names });
  }

  /** @param path without query; @returns the operation with decoded parameters, or which methods the path knows */
  match(method: string, path: string): Match {
    const segments = path.slice(1).split('/');
    const values: string[] = [];
    const place = this.#walk(this.#root, segments, 0, values);
    if (!place) return { found: undefined, methods: [] };
    const hit = place.methods.get(method as Method);
    if (!hit) return { found: undefined, methods: [...place.methods.keys()] };
    const params: Record<string, string> = {};
    for (const [index, name] of hit.names.entries()) params[name] = values[index] ?? '';
    return { found: hit.implementation, params };
  }

  #walk(place: Node, segments: string[], index: number, values: string[]): Node | undefined {
    const segment = segments[index];
    if (segment === undefined) return place.methods.size > 0 ? place : undefined;
    const literal = place.literal.get(segment);
    if (literal) {
      const end = this.#walk(literal, segments, index + 1, values);
      if (end) return end;
    }
    if (!place.parameter || segment === '') return undefined;
    values.push(decode(segment));
    const end = this.#walk(place.parameter.node, segments, index + 1, values);
    if (!end) values.pop();
    return end;
  }
}

/** A malformed escape is left as it is: the parameter's schema refuses it. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
