import type { StudioModule } from '@preau/contract/tenant/studio';
import type { Translate } from '@/i18n/translate';

/** The tree of a course for those who only look at it: each activity leads to its preview. */
export function CourseOutline({ modules, t }: { modules: StudioModule[]; t: Translate }) {
  return (
    <ol className="space-y-4">
      {modules.map(({ id, title, activities }) => (
        <li key={id} className="rounded-xl border border-line bg-surface p-5">
          <h2 className="text-lg break-words">{title}</h2>
          {activities.length === 0 ? (
            <p className="mt-2 text-sm text-ink-soft">{t('tree.noActivity')}</p>
          ) : (
            <ul className="mt-2 divide-y divide-line text-sm">
              {activities.map((each) => (
                <li
                  key={each.id}
                  className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2.5"
                >
                  <a className="link font-semibold break-words" href={`/activities/${each.id}`}>
                    {each.title}
                  </a>
                  <span className="text-ink-soft">
                    {each.type === 'quiz' ? t('tree.questions', { count: each.questions }) : t('tree.lesson')}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ol>
  );
}
