import { Page } from '@/components/shell/Page';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { Badge } from '@/components/ui/Badge';
import { Card } from '@/components/ui/Card';
import { EmptyState } from '@/components/ui/EmptyState';
import { Icon } from '@/html/Icon';
import { formatInstant } from '@/i18n/format';
import { Messages } from '@/i18n/Messages';
import { messagesOf } from '@/i18n/translate';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { single } from '@/server/query';
import { administratorVisit } from '@/studio/author';
import { ImportForm } from '@/studio/imports/ImportForm';

const id = /^[0-9a-f-]{36}$/;
const tones = { queued: 'neutral', running: 'info', succeeded: 'success', failed: 'danger' } as const;

export default async function ImportsPage({ searchParams }: PageProps<'/studio/imports'>) {
  const { t, call, locale } = await administratorVisit('/studio/imports', 'import.run');
  const query = await searchParams;
  const courseId = single(query.course);
  const activityId = single(query.activity);
  const { data, problem } = await load(
    '/studio/imports',
    Promise.all([
      backend().listImports({ ...call }),
      courseId && id.test(courseId) ? backend().getStudioCourse({ ...call, params: { courseId } }) : null,
    ]),
  );
  const [jobs, course] = data ?? [];
  return (
    <Page area="studio" title={t('imports.title')} indexed={false}>
      <p className="mb-4 text-sm">
        <a className="link inline-flex items-center gap-1" href="/studio">
          <Icon name="arrow-left" /> {t('studio.back')}
        </a>
      </p>
      <h1 className="text-3xl">{t('imports.title')}</h1>
      <p className="mt-2 mb-8 max-w-2xl text-ink-soft">{t('imports.lead')}</p>
      {problem && <ProblemPage problem={problem} />}
      {jobs && (
        <div className="grid items-start gap-8 lg:grid-cols-2">
          <Card>
            <Messages locale={locale} messages={messagesOf(locale, ['imports', 'upload'])}>
              <ImportForm
                modules={(course?.modules ?? []).map((module) => ({ id: module.id, title: module.title }))}
                activityId={activityId && id.test(activityId) ? activityId : undefined}
              />
            </Messages>
          </Card>
          <section aria-labelledby="recent">
            <h2 id="recent" className="mb-4 text-xl">
              {t('imports.recent')}
            </h2>
            {jobs.items.length === 0 ? (
              <EmptyState title={t('imports.empty')}>
                <p>{t('imports.emptyLead')}</p>
              </EmptyState>
            ) : (
              <ul className="divide-y divide-line rounded-xl border border-line bg-surface">
                {jobs.items.map((job) => (
                  <li key={job.id} className="flex flex-wrap items-center justify-between gap-3 p-4">
                    <span className="min-w-0">
                      <a className="link font-semibold break-all" href={`/studio/imports/${job.id}`}>
                        {job.fileName}
                      </a>
                      <span className="block text-sm text-ink-soft">
                        {formatInstant(locale, job.createdAt)}
                      </span>
                    </span>
                    <Badge tone={tones[job.state]}>{t(`imports.state.${job.state}`)}</Badge>
                  </li>
                ))}
              </ul>
            )}
          </section>
        </div>
      )}
    </Page>
  );
}
