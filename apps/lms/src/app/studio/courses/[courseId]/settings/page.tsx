import { Page } from '@/components/shell/Page';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { Card } from '@/components/ui/Card';
import { Checkbox } from '@/components/ui/Checkbox';
import { ConfirmedSubmit } from '@/components/ui/ConfirmedSubmit';
import { Field, TextArea } from '@/components/ui/Field';
import { Form } from '@/components/ui/Form';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { Messages } from '@/i18n/Messages';
import { messagesOf } from '@/i18n/translate';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { mayWith } from '@/server/may';
import { authorVisit } from '@/studio/author';
import { deleteCourse, saveCourse } from '@/studio/course/actions';
import { CourseFrame } from '@/studio/course/CourseFrame';
import { TrainerChoice } from '@/studio/course/TrainerChoice';

export default async function CourseSettingsPage({
  params,
}: PageProps<'/studio/courses/[courseId]/settings'>) {
  const { courseId } = await params;
  const path = `/studio/courses/${courseId}/settings`;
  const { t, call, locale, user } = await authorVisit(path);
  const { data: course, problem } = await load(
    path,
    backend().getStudioCourse({ ...call, params: { courseId } }),
  );
  if (problem) {
    return (
      <Page area="studio" title={problem.title} indexed={false}>
        <ProblemPage problem={problem} />
      </Page>
    );
  }
  const may = mayWith(user, course);
  const trainers = may('trainer.assign')
    ? (await load(path, backend().listTrainers({ ...call, params: { courseId } }))).data
    : undefined;
  return (
    <CourseFrame course={course} part="settings">
      <div className="mx-auto max-w-2xl space-y-8">
        {may('course.write') && (
          <Card>
            <Form
              id="course"
              action={saveCourse}
              referenceLabel={t('problem.reference')}
              className="space-y-5"
            >
              <input type="hidden" name="courseId" value={course.id} />
              <Field
                name="title"
                label={t('studio.courseTitle')}
                defaultValue={course.title}
                maxLength={200}
                required
              />
              <Field
                name="slug"
                label={t('courseSettings.address')}
                hint={t('courseSettings.addressHint')}
                defaultValue={course.slug}
                maxLength={80}
                required
              />
              <TextArea
                name="summary"
                label={t('studio.courseSummary')}
                hint={t('studio.courseSummaryHint')}
                defaultValue={course.summary}
                rows={3}
                maxLength={1000}
              />
              <TextArea
                name="objectives"
                label={t('courseSettings.objectives')}
                hint={t('courseSettings.objectivesHint')}
                optional={t('studio.optional')}
                defaultValue={course.objectives.join('\n')}
                rows={4}
              />
              <TextArea
                name="audience"
                label={t('courseSettings.audience')}
                optional={t('studio.optional')}
                defaultValue={course.audience}
                rows={2}
                maxLength={1000}
              />
              <TextArea
                name="prerequisites"
                label={t('courseSettings.prerequisites')}
                optional={t('studio.optional')}
                defaultValue={course.prerequisites}
                rows={2}
                maxLength={1000}
              />
              {course.cover && (
                // biome-ignore lint/performance/noImgElement: image optimisation lives outside of the instance
                <img
                  src={`/assets/${course.cover.id}?w=480`}
                  alt={course.cover.alt}
                  width={course.cover.width ?? undefined}
                  height={course.cover.height ?? undefined}
                  className="max-h-40 w-auto rounded-lg border border-line"
                />
              )}
              <Field
                name="cover"
                type="file"
                accept="image/png,image/jpeg,image/webp"
                label={t('courseSettings.cover')}
                hint={t('courseSettings.coverHint')}
                optional={t('studio.optional')}
                className="h-auto py-2"
              />
              <Field
                name="coverAlt"
                label={t('courseSettings.coverAlt')}
                optional={t('studio.optional')}
                defaultValue={course.cover?.alt}
                maxLength={500}
              />
              <Checkbox
                name="selfEnrolment"
                label={t('courseSettings.selfEnrolment')}
                defaultChecked={course.selfEnrolment}
              />
              <Checkbox name="listed" label={t('courseSettings.listed')} defaultChecked={course.listed} />
              <SubmitButton>{t('studio.save')}</SubmitButton>
            </Form>
          </Card>
        )}
        {trainers && (
          <Card>
            <h2 className="text-xl">{t('trainers.title')}</h2>
            <p className="mt-1 mb-5 text-sm text-ink-soft">{t('trainers.lead')}</p>
            <Messages locale={locale} messages={messagesOf(locale, ['trainers'])}>
              <TrainerChoice
                courseId={course.id}
                people={trainers.items}
                referenceLabel={t('problem.reference')}
              />
            </Messages>
          </Card>
        )}
        {may('course.delete') && (
          <Card className="border-danger-line">
            <h2 className="text-xl">{t('courseSettings.danger')}</h2>
            <p className="mt-1 mb-4 text-sm text-ink-soft">{t('courseSettings.dangerLead')}</p>
            <Form id="delete" action={deleteCourse} referenceLabel={t('problem.reference')}>
              <input type="hidden" name="courseId" value={course.id} />
              <ConfirmedSubmit
                variant="danger"
                title={t('courseSettings.deleteTitle', { title: course.title })}
                lead={t('courseSettings.deleteLead')}
                confirm={t('studio.delete')}
                cancel={t('studio.cancel')}
              >
                {t('studio.delete')}
              </ConfirmedSubmit>
            </Form>
          </Card>
        )}
      </div>
    </CourseFrame>
  );
}
