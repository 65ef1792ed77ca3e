import { Page } from '@/components/shell/Page';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { Card } from '@/components/ui/Card';
import { EmptyState } from '@/components/ui/EmptyState';
import { Field } from '@/components/ui/Field';
import { Form } from '@/components/ui/Form';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { Messages } from '@/i18n/Messages';
import { messagesOf } from '@/i18n/translate';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { mayWith } from '@/server/may';
import { authorVisit } from '@/studio/author';
import { addModule } from '@/studio/course/actions';
import { CourseFrame } from '@/studio/course/CourseFrame';
import { CourseOutline } from '@/studio/course/CourseOutline';
import { CourseTree } from '@/studio/course/CourseTree';

export default async function CoursePage({ params }: PageProps<'/studio/courses/[courseId]'>) {
  const { courseId } = await params;
  const path = `/studio/courses/${courseId}`;
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
  const writes = mayWith(user, course)('course.write');
  return (
    <CourseFrame course={course} part="structure">
      <div className="mx-auto max-w-3xl">
        {course.modules.length === 0 ? (
          <EmptyState title={t('tree.empty')}>{writes && <p>{t('tree.emptyLead')}</p>}</EmptyState>
        ) : !writes ? (
          <CourseOutline modules={course.modules} t={t} />
        ) : (
          <Messages locale={locale} messages={messagesOf(locale, ['tree'])}>
            <CourseTree
              courseId={course.id}
              modules={course.modules}
              referenceLabel={t('problem.reference')}
            />
          </Messages>
        )}
        {writes && (
          <Card className="mt-6">
            <Form
              id="new-module"
              action={addModule}
              referenceLabel={t('problem.reference')}
              resetOnSuccess
              className="flex flex-wrap items-end gap-3"
            >
              <input type="hidden" name="courseId" value={course.id} />
              <div className="min-w-60 flex-1">
                <Field
                  key={course.modules.length}
                  name="title"
                  label={t('tree.moduleTitle')}
                  maxLength={200}
                  required
                />
              </div>
              <SubmitButton variant="secondary" className="h-11">
                {t('tree.addModule')}
              </SubmitButton>
            </Form>
          </Card>
        )}
      </div>
    </CourseFrame>
  );
}
