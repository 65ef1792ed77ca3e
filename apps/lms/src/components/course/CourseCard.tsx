import type { CourseCard as Course } from '@preau/contract/tenant/learning';
import { Clock } from 'lucide-react';
import { Badge } from '@/components/ui/Badge';
import { Progress } from '@/components/ui/Progress';
import { formatMinutes, formatPercent } from '@/i18n/format';
import type { Visit } from '@/server/visit';
import { Cover } from './Cover';

/** A course in a list: what it is, how long, how far one is. The whole card is the link. */
export function CourseCard({ course, visit: { t, locale } }: { course: Course; visit: Visit }) {
  const { enrolment } = course;
  const percent = enrolment ? t('course.percent', { percent: formatPercent(locale, enrolment.percent) }) : '';
  return (
    <li className="group relative flex flex-col overflow-hidden rounded-xl border border-line bg-surface transition-colors focus-within:border-brand hover:border-line-strong">
      <Cover cover={course.cover} seed={course.slug} />
      <div className="flex flex-1 flex-col gap-3 p-5">
        <h3 className="text-lg leading-snug">
          <a
            href={`/courses/${course.slug}`}
            className="text-ink no-underline after:absolute after:inset-0 group-hover:text-brand-text"
          >
            {course.title}
          </a>
        </h3>
        {course.summary && <p className="line-clamp-3 text-sm text-ink-soft">{course.summary}</p>}
        <div className="mt-auto space-y-3 pt-1">
          <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-ink-soft">
            {course.durationMinutes > 0 && (
              <span className="inline-flex items-center gap-1.5">
                <Clock className="size-4" aria-hidden="true" /> {formatMinutes(course.durationMinutes)}
              </span>
            )}
            <span>{t('catalogue.activities', { count: course.activities })}</span>
          </p>
          {enrolment?.state === 'active' && (
            <div className="flex items-center gap-3">
              <Progress percent={enrolment.percent} label={percent} className="flex-1" />
              <span className="text-sm font-semibold tabular-nums" aria-hidden="true">
                {formatPercent(locale, enrolment.percent)}
              </span>
            </div>
          )}
          {enrolment?.state === 'completed' && <Badge tone="success">{t('dashboard.done')}</Badge>}
          {enrolment?.state === 'suspended' && <Badge tone="warning">{t('dashboard.suspended')}</Badge>}
          {enrolment?.state === 'expired' && <Badge tone="warning">{t('dashboard.expired')}</Badge>}
        </div>
      </div>
    </li>
  );
}

export function CourseGrid({ courses, visit }: { courses: Course[]; visit: Visit }) {
  return (
    <ul className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
      {courses.map((course) => (
        <CourseCard key={course.id} course={course} visit={visit} />
      ))}
    </ul>
  );
}
