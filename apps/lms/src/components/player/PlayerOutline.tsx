import type { ActivityPage } from '@preau/contract/tenant/learning';
import { ArrowLeft } from 'lucide-react';
import { lockText } from '@/components/course/locks';
import { StateIcon } from '@/components/course/StateIcon';
import { Progress } from '@/components/ui/Progress';
import { formatPercent } from '@/i18n/format';
import type { Visit } from '@/server/visit';

/**
 * The course's outline beside what one reads. On a narrow screen it is a popover that the bar above opens; on a
 * wide one the same element simply stands there.
 */
export function PlayerOutline({ page, visit }: { page: ActivityPage; visit: Visit }) {
  const { t, locale } = visit;
  const percent = formatPercent(locale, page.course.percent);
  return (
    <nav
      id="outline"
      popover="auto"
      aria-label={t('player.outline')}
      className="inset-y-0 right-auto left-0 m-0 h-dvh max-h-none w-80 max-w-[85vw] overflow-y-auto border-r border-line bg-surface text-ink shadow-float backdrop:bg-scrim lg:sticky lg:top-16 lg:block lg:h-[calc(100dvh-4rem)] lg:w-80 lg:max-w-none lg:shrink-0 lg:shadow-none"
    >
      <div className="border-b border-line p-5">
        <a
          href={`/courses/${page.course.slug}`}
          className="mb-3 inline-flex items-center gap-1.5 text-sm text-ink-soft no-underline hover:text-ink"
        >
          <ArrowLeft className="size-4" aria-hidden="true" /> {t('player.backToCourse')}
        </a>
        <p className="font-heading leading-snug font-semibold">{page.course.title}</p>
        <div className="mt-3 flex items-center gap-3">
          <Progress percent={page.course.percent} label={t('course.percent', { percent })} />
          <span className="text-xs font-semibold tabular-nums" aria-hidden="true">
            {percent}
          </span>
        </div>
      </div>
      <ol className="p-3 pb-10">
        {page.outline.map((module) => (
          <li key={module.id} className="mb-4">
            <p className="px-2 py-1.5 text-sm font-semibold">{module.title}</p>
            <ul>
              {module.activities.map((activity) => {
                const here = activity.id === page.id;
                const icon = <StateIcon state={activity.state} label={t(`course.state.${activity.state}`)} />;
                return (
                  <li key={activity.id}>
                    {activity.state === 'locked' ? (
                      <span className="flex gap-2.5 rounded-md px-2 py-2 text-sm text-ink-soft">
                        {icon}
                        <span>
                          {activity.title}
                          <span className="block text-xs">{lockText(activity, visit)}</span>
                        </span>
                      </span>
                    ) : (
                      <a
                        href={`/activities/${activity.id}`}
                        aria-current={here ? 'page' : undefined}
                        className="flex gap-2.5 rounded-md px-2 py-2 text-sm text-ink no-underline hover:bg-sunken aria-[current=page]:bg-brand-soft aria-[current=page]:font-semibold aria-[current=page]:text-brand-text"
                      >
                        {icon}
                        {activity.title}
                      </a>
                    )}
                  </li>
                );
              })}
            </ul>
          </li>
        ))}
      </ol>
    </nav>
  );
}
