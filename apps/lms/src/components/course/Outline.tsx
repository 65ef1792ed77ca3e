import type { OutlineModule } from '@preau/contract/tenant/learning';
import { formatMinutes } from '@/i18n/format';
import type { Visit } from '@/server/visit';
import { lockText } from './locks';
import { StateIcon } from './StateIcon';

interface Props {
  modules: OutlineModule[];
  visit: Visit;
  /** Whether the activities are links: for those who are enrolled. */
  linked: boolean;
}

/** The programme on the course page: modules, activities, how far one is, and why something is locked. */
export function Outline({ modules, visit, linked }: Props) {
  const { t } = visit;
  return (
    <ol className="space-y-5">
      {modules.map((module, index) => (
        <li key={module.id} className="overflow-hidden rounded-xl border border-line bg-surface">
          <div className="flex items-start gap-3 border-b border-line px-5 py-4">
            <div className="flex-1">
              <h3 className="text-base">
                <span className="text-ink-soft">{index + 1}.</span> {module.title}
              </h3>
              {module.summary && <p className="mt-1 text-sm text-ink-soft">{module.summary}</p>}
            </div>
            {module.completed && <StateIcon state="completed" label={t('course.moduleDone')} />}
          </div>
          <ul className="divide-y divide-line">
            {module.activities.map((activity) => {
              const locked = activity.state === 'locked';
              const reason = locked && linked ? lockText(activity, visit) : '';
              const kind = activity.type === 'quiz' ? t('course.quiz') : t('course.lesson');
              const minutes = formatMinutes(activity.minutes);
              return (
                <li key={activity.id} className="relative flex gap-3 px-5 py-3 has-[a]:hover:bg-sunken">
                  {linked && (
                    <span className="pt-0.5">
                      <StateIcon state={activity.state} label={t(`course.state.${activity.state}`)} />
                    </span>
                  )}
                  <span className="min-w-0 flex-1">
                    {linked && !locked ? (
                      <a
                        href={`/activities/${activity.id}`}
                        className="font-medium text-ink no-underline after:absolute after:inset-0"
                      >
                        {activity.title}
                      </a>
                    ) : (
                      <span className={locked && linked ? 'text-ink-soft' : 'font-medium'}>
                        {activity.title}
                      </span>
                    )}
                    {reason && <span className="mt-0.5 block text-sm text-ink-soft">{reason}</span>}
                  </span>
                  <span className="shrink-0 pt-0.5 text-sm text-ink-soft tabular-nums">
                    {minutes ? `${kind} · ${minutes}` : kind}
                  </span>
                </li>
              );
            })}
          </ul>
        </li>
      ))}
    </ol>
  );
}
