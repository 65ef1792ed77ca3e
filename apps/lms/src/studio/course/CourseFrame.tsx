import type { StudioCourse } from '@preau/contract/tenant/studio';
import type { ReactNode } from 'react';
import { Page } from '@/components/shell/Page';
import { Badge } from '@/components/ui/Badge';
import { ButtonLink } from '@/components/ui/Button';
import { Form } from '@/components/ui/Form';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { Icon } from '@/html/Icon';
import { mayWith } from '@/server/may';
import { visit as currentVisit } from '@/server/visit';
import { Tabs } from '../tabs';
import { publishCourse } from './actions';

export type CoursePart = 'structure' | 'learners' | 'settings' | 'versions';

const tones = { draft: 'neutral', published: 'success', changed: 'warning' } as const;

/** What every page of a course in the studio has: its name and state, publishing, and its parts. */
export async function CourseFrame({
  course,
  part,
  children,
}: {
  course: StudioCourse;
  part: CoursePart;
  children: ReactNode;
}) {
  const { t, user } = await currentVisit();
  const may = mayWith(user, course);
  const base = `/studio/courses/${course.id}`;
  const parts: [CoursePart, string][] = [
    ['structure', base],
    ...(may('progress.read') ? [['learners', `${base}/learners`] as [CoursePart, string]] : []),
    ...(may('course.write') || may('trainer.assign')
      ? [['settings', `${base}/settings`] as [CoursePart, string]]
      : []),
    ['versions', `${base}/versions`],
  ];
  return (
    <Page area="studio" title={course.title} indexed={false}>
      <p className="mb-4 text-sm">
        <a className="link inline-flex items-center gap-1" href="/studio">
          <Icon name="arrow-left" /> {t('studio.back')}
        </a>
      </p>
      <div className="mb-6 flex flex-wrap items-start justify-between gap-4">
        <div className="min-w-0">
          <h1 className="text-3xl break-words">{course.title}</h1>
          <p className="mt-2 flex flex-wrap items-center gap-3 text-sm text-ink-soft">
            <Badge tone={tones[course.state]}>{t(`studio.state.${course.state}`)}</Badge>
            {course.published && <span>{t('studio.version', { number: course.published.number })}</span>}
            {course.published && course.state !== 'published' && (
              <a className="link" href={`/courses/${course.slug}`}>
                {t('studio.view')}
              </a>
            )}
          </p>
        </div>
        {course.state === 'published' ? (
          <ButtonLink variant="secondary" href={`/courses/${course.slug}`}>
            {t('studio.view')}
          </ButtonLink>
        ) : !may('course.publish') ? null : (
          <Form
            id="publish"
            action={publishCourse}
            referenceLabel={t('problem.reference')}
            className="max-w-sm"
          >
            <input type="hidden" name="courseId" value={course.id} />
            <SubmitButton>{t('studio.publish')}</SubmitButton>
            <p className="mt-2 text-xs text-ink-soft">{t('studio.publishHint')}</p>
          </Form>
        )}
      </div>
      <Tabs
        label={t('studio.tabs.label')}
        tabs={parts.map(([name, href]) => ({
          href,
          label: t(`studio.tabs.${name}`),
          current: name === part,
        }))}
      />
      {children}
    </Page>
  );
}
