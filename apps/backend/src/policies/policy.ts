import { AsyncLocalStorage } from 'node:async_hooks';
import type { Operation } from '@preau/contract';
import type { Viewer } from './viewer.ts';

const asked = new AsyncLocalStorage<Set<string>>();

type Can<Verb extends string, Facts> = (viewer: Viewer, verb: Verb, facts: Facts) => boolean;

/**
 * The rules about one noun: `can(viewer, 'verb', facts)`. Rules look at facts alone, so that a table can test all of
 * them; whoever asks has read the facts of the very object.
 */
export function definePolicy<Verb extends string, Facts>(
  noun: string,
  rules: Can<Verb, Facts>,
): Can<Verb, Facts> {
  return (viewer, verb, facts) => {
    asked.getStore()?.add(noun);
    return rules(viewer, verb, facts);
  };
}

/** Which policies some work asked. */
export async function noting<T>(work: () => Promise<T>): Promise<{ result: T; nouns: ReadonlySet<string> }> {
  const nouns = new Set<string>();
  return { result: await asked.run(nouns, work), nouns };
}

/**
 * What is wrong with an answer that no policy was asked about, or null. What names an object, and what not everybody
 * may call, asks the policy of its noun.
 */
export function unasked(
  { id, identity, permission, params }: Pick<Operation, 'id' | 'identity' | 'permission' | 'params'>,
  nouns: ReadonlySet<string>,
): string | null {
  if (identity !== 'user' && identity !== 'visitor') return null;
  if (permission === undefined || permission === 'everyone') {
    return params && nouns.size === 0
      ? `${id} names an object, but its handler asked no policy (apps/backend/src/policies)`
      : null;
  }
  if (typeof permission !== 'string') {
    return nouns.size > 0
      ? null
      : `${id} needs one of ${permission.join(', ')}, but its handler asked no policy`;
  }
  const expected = permission.split('.')[0] ?? '';
  return nouns.has(expected)
    ? null
    : `${id} needs ${permission}, but its handler never asked apps/backend/src/policies/${expected}.ts`;
}
