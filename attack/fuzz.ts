/**
 * Fuzzing from the OpenAPI document: inputs that its schemas accept, or nearly, with hostile values in their places,
 * for every operation as its rightful caller. Nothing may be answered 5xx, no rejection may go unhandled, and the
 * memory that a round leaves behind may not grow from round to round.
 */
import fc from 'fast-check';
import { type Schema, valuesOf } from '../apps/backend/src/testing/arbitrary.ts';
import naughty from '../apps/backend/src/testing/naughty/strings.json' with { type: 'json' };
import type { Attack } from './attack.ts';
import type { Input, Operation } from './document.ts';

export interface Fuzzing {
  /** Gives the same inputs again. */
  seed: number;
  rounds: number;
  /** Inputs of each operation in a round. */
  each: number;
}

export interface Fuzzed {
  seed: number;
  requests: number;
  faults: string[];
  /** Bytes of the process after each round, once its garbage is collected. */
  memory: number[];
}

const WEIRD: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  1e308,
  2 ** 53,
  '',
  [],
  {},
  [[]],
  '\u0000',
  '../../etc/passwd',
];
const HEADERS = [
  'accept-language',
  'preau-client-address',
  'preau-user-agent',
  'preau-device',
  'x-request-id',
  'range',
];
/** What Node's own client lets into a header. */
const HEADER_TEXT = /[^\t\x20-\x7e\x80-\xff]/g;

export async function fuzz(
  attack: Attack,
  { seed, rounds, each }: Fuzzing,
  say: (where: string) => void = () => {},
): Promise<Fuzzed> {
  const { target } = attack.world;
  const fuzzed: Fuzzed = { seed, requests: 0, faults: [], memory: [] };
  target.errors();
  for (let round = 0; round < rounds; round += 1) {
    for (const operation of attack.document.operations) {
      const [identity] = attack.rightful(operation);
      if (!identity) continue;
      say(`round ${round + 1} of ${rounds}, ${operation.id}`);
      let headers = await identity.headers();
      for (const { input, header, text } of samples(attack, operation, seed + round, each)) {
        const probe = await attack.request(operation, identity.name, 'fuzz', input, {
          ...headers,
          [header]: text,
        });
        const answer = await attack.probe(probe, identity);
        fuzzed.requests += 1;
        if (answer.status >= 500 && answer.status !== 503)
          fuzzed.faults.push(`${operation.id}: ${answer.status} for ${JSON.stringify(input).slice(0, 400)}`);
        if (answer.status === 401 || operation.method !== 'GET') headers = await identity.headers();
      }
    }
    fuzzed.faults.push(...target.errors());
    fuzzed.memory.push(await target.memory());
  }
  return fuzzed;
}

interface Sample {
  input: Input;
  header: string;
  text: string;
}

function samples(attack: Attack, operation: Operation, seed: number, each: number): Sample[] {
  const root = attack.document.root;
  const part = (schemas: Record<string, Schema>) =>
    fc.record(
      Object.fromEntries(
        Object.entries(schemas).map(([name, schema]) => [name, hostile(valuesOf(schema, root)).map(textOf)]),
      ),
    );
  const sample = fc.record({
    input: fc.record({
      params: part(operation.params),
      query: part(operation.query),
      body: operation.body ? hostile(valuesOf(operation.body, root)) : fc.constant(undefined),
    }),
    header: fc.constantFrom(...HEADERS),
    text: fc.constantFrom(...naughty).map((text) => text.replace(HEADER_TEXT, '').slice(0, 1_000)),
  });
  return fc.sample(sample, { numRuns: each, seed });
}

/** A value with something hostile in one of its places, now and then. */
function hostile(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const other = fc.oneof(fc.constantFrom(...naughty), fc.constantFrom(...WEIRD));
  return fc.tuple(values, fc.boolean(), other, fc.nat()).map(([value, spoil, replacement, place]) => {
    if (!spoil) return value;
    const spoiled = replacedEach(value, replacement);
    return spoiled[place % spoiled.length];
  });
}

/** Every way of putting one value in the place of one leaf, of those that are chosen. */
export function replacedEach(
  value: unknown,
  replacement: unknown,
  chosen: (leaf: unknown) => boolean = () => true,
): unknown[] {
  if (Array.isArray(value) && value.length > 0)
    return value.flatMap((item, index) =>
      replacedEach(item, replacement, chosen).map((each) => value.with(index, each)),
    );
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entries.length === 0) return chosen(value) ? [replacement] : [];
  return entries.flatMap(([key, item]) =>
    replacedEach(item, replacement, chosen).map((each) => ({ ...(value as object), [key]: each })),
  );
}

const textOf = (value: unknown) =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed().slice(0, 2_000);

/** Whether memory stands still: the first round loads what is loaded late, those after it fill caches. */
export function isFlat([, ...memory]: readonly number[]): boolean {
  const half = Math.ceil(memory.length / 2);
  return Math.min(...memory.slice(half)) <= Math.max(...memory.slice(0, half)) * 1.1;
}
