import type { LockReason, OutlineActivity } from '@preau/contract/tenant/learning';
import { formatDate, formatPercent } from '@/i18n/format';
import type { Visit } from '@/server/visitor';

type Words = Pick<Visit, 't' | 'locale'>;

function reasonOf({ kind, title, percent, at }: LockReason, { t, locale }: Words): string {
  switch (kind) {
    case 'activity':
      return t('course.lock.activity', { title: title ?? '' });
    case 'module':
      return t('course.lock.module', { title: title ?? '' });
    case 'score':
      return t('course.lock.score', { title: title ?? '', percent: formatPercent(locale, percent ?? 0) });
    case 'date':
      return t('course.lock.date', { date: at ? formatDate(locale, at) : '' });
    case 'enrolment':
      return t('course.lock.enrolment');
  }
}

/** « S’ouvre après : avoir terminé « Bases », le 3 mars 2027 »; empty for what is open. */
export function lockText(
  { locks, lockMode }: Pick<OutlineActivity, 'locks' | 'lockMode'>,
  words: Words,
): string {
  if (locks.length === 0) return '';
  const lead =
    lockMode === 'any' && locks.length > 1 ? words.t('course.lock.any') : words.t('course.lock.all');
  return `${lead} ${locks.map((lock) => reasonOf(lock, words)).join(' ; ')}`;
}
