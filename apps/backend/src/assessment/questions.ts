import type { QuestionInput } from '@preau/contract/tenant/content';
import { LRUCache } from 'lru-cache';
import type { Db } from '../database/db.ts';
import { tenantOf } from '../database/tenant.ts';

/** The questions of one quiz with their answers, by id, in the author's order. Never leaves the server whole. */
export type Questions = ReadonlyMap<string, QuestionInput>;

const KEPT_QUIZZES = 1000;
const kept = new LRUCache<string, Questions>({ max: KEPT_QUIZZES });

/** @param frozen whether the quiz belongs to a published version: then it never changes and is kept. */
export async function loadQuestions(db: Db, activityId: string, frozen: boolean): Promise<Questions> {
  const key = `${tenantOf(db)}/${activityId}`;
  const known = frozen ? kept.get(key) : undefined;
  if (known) return known;
  const rows = await db.query<{ id: string; config: QuestionInput }>(READ, [activityId]);
  const questions = new Map(rows.map(({ id, config }) => [id, config]));
  if (frozen) kept.set(key, questions);
  return questions;
}

const READ = 'SELECT q.id, q.config FROM questions q WHERE q.activity_id = $1 ORDER BY q.position';
