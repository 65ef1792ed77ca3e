import { Page } from '@/components/shell/Page';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { Alert } from '@/components/ui/Alert';
import { Badge } from '@/components/ui/Badge';
import { ButtonLink } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { Icon } from '@/html/Icon';
import { Messages } from '@/i18n/Messages';
import { messagesOf } from '@/i18n/translate';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { authorVisit } from '@/studio/author';
import { ImportProgress } from '@/studio/imports/ImportProgress';

const tones = { queued: 'neutral', running: 'info', succeeded: 'success', failed: 'danger' } as const;
const noteTones = { info: 'neutral', warning: 'warning', error: 'danger' } as const;

export default async function ImportPage({ params }: PageProps<'/studio/imports/[importId]'>) {
  const { importId } = await params;
  const path = `/studio/imports/${importId}`;
  const { t, call, locale } = await authorVisit(path);
  const { data: job, problem } = await load(path, backend().getImport({ ...call, params: { importId } }));
  if (problem) {
    return (
      <Page area="studio" title={problem.title} indexed={false}>
        <ProblemPage problem={problem} />
      </Page>
    );
  }
  const result = job.activityId
    ? `/studio/activities/${job.activityId}`
    : job.courseId && `/studio/courses/${job.courseId}`;
  return (
    <Page area="studio" title={job.fileName} indexed={false}>
      <p className="mb-4 text-sm">
        <a className="link inline-flex items-center gap-1" href="/studio/imports">
          <Icon name="arrow-left" /> {t('imports.back')}
        </a>
      </p>
      <h1 className="text-3xl break-all">{job.fileName}</h1>
      <p className="mt-2 mb-6 flex flex-wrap items-center gap-3 text-ink-soft">
        <Badge tone={tones[job.state]}>{t(`imports.state.${job.state}`)}</Badge>
        {job.state === 'succeeded' && t('imports.counts', job.counts)}
      </p>
      <div className="max-w-3xl space-y-8">
        {(job.state === 'queued' || job.state === 'running') && (
          <Messages locale={locale} messages={messagesOf(locale, ['imports'])}>
            <ImportProgress job={job} />
          </Messages>
        )}
        {job.error && <Alert tone="danger">{job.error}</Alert>}
        {job.state === 'succeeded' && result && <ButtonLink href={result}>{t('imports.open')}</ButtonLink>}
        {job.state === 'succeeded' && (
          <Card>
            <h2 className="text-xl">{t('imports.report')}</h2>
            {job.notes.length === 0 ? (
              <p className="mt-2 text-ink-soft">{t('imports.reportEmpty')}</p>
            ) : (
              <ul className="mt-4 divide-y divide-line">
                {job.notes.map((note, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: notes have no identity but their place
                  <li key={index} className="py-3">
                    <p className="flex flex-wrap items-center gap-2 text-sm">
                      <Badge tone={noteTones[note.level]}>
                        {note.line === null
                          ? note.file
                          : t('imports.where', { file: note.file, line: note.line })}
                      </Badge>
                      {note.what}
                    </p>
                    {note.excerpt && (
                      <pre className="mt-2 overflow-x-auto rounded-md bg-sunken p-2 text-xs">
                        <code>{note.excerpt}</code>
                      </pre>
                    )}
                  </li>
                ))}
              </ul>
            )}
          </Card>
        )}
      </div>
    </Page>
  );
}
