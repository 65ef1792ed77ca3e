import { Page } from '@/components/shell/Page';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { EmptyState } from '@/components/ui/EmptyState';
import { formatInstant } from '@/i18n/format';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { authorVisit } from '@/studio/author';
import { CourseFrame } from '@/studio/course/CourseFrame';

export default async function VersionsPage({ params }: PageProps<'/studio/courses/[courseId]/versions'>) {
  const { courseId } = await params;
  const path = `/studio/courses/${courseId}/versions`;
  const { t, call, locale } = await authorVisit(path);
  const { data, problem } = await load(
    path,
    Promise.all([
      backend().getStudioCourse({ ...call, params: { courseId } }),
      backend().listVersions({ ...call, params: { courseId } }),
    ]),
  );
  if (problem) {
    return (
      <Page area="studio" title={problem.title} indexed={false}>
        <ProblemPage problem={problem} />
      </Page>
    );
  }
  const [course, { items }] = data;
  return (
    <CourseFrame course={course} part="versions">
      <div className="mx-auto max-w-2xl">
        {items.length === 0 ? (
          <EmptyState title={t('versions.empty')}>
            <p>{t('versions.emptyLead')}</p>
          </EmptyState>
        ) : (
          <ol className="divide-y divide-line rounded-xl border border-line bg-surface">
            {items.map((version) => (
              <li key={version.id} className="flex flex-wrap justify-between gap-3 p-4">
                <span>
                  <strong className="capitalize">{t('studio.version', { number: version.number })}</strong>
                  <span className="block text-sm text-ink-soft">
                    {t('versions.published', {
                      date: formatInstant(locale, version.publishedAt),
                      name: version.publishedBy,
                    })}
                  </span>
                </span>
                <span className="text-sm text-ink-soft">
                  {t('studio.enrolments', { count: version.enrolments })}
                </span>
              </li>
            ))}
          </ol>
        )}
      </div>
    </CourseFrame>
  );
}
