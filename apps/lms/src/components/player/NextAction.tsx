import type { ActivityPage } from '@preau/contract/tenant/learning';
import { ButtonLink, buttonStyle } from '@/components/ui/Button';
import { Form } from '@/components/ui/Form';
import type { FormAction } from '@/components/ui/formState';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { Icon } from '@/html/Icon';
import type { Visit } from '@/server/visit';
import { PlayerKeys } from './PlayerKeys';

interface Props {
  page: ActivityPage;
  visit: Visit;
  /** Completes the lesson and goes on; without it the next action is a plain link. */
  complete?: FormAction;
}

/** The one thing to do now, at the end of an activity; the way back beside it. */
export function NextAction({ page, visit: { t }, complete }: Props) {
  const next = page.outline
    .flatMap((module) => module.activities)
    .find(({ id }) => id === page.nextActivityId);
  const open = next && !page.nextLocked;
  return (
    <div className="mt-12 border-t border-line pt-6">
      <div className="flex flex-wrap items-center justify-between gap-4">
        {page.previousActivityId ? (
          <a
            id="previous"
            href={`/activities/${page.previousActivityId}`}
            className={buttonStyle({ variant: 'quiet' })}
          >
            <Icon name="arrow-left" /> {t('player.previous')}
          </a>
        ) : (
          <span />
        )}
        {complete ? (
          <Form id="complete" action={complete} referenceLabel={t('problem.reference')}>
            <input type="hidden" name="activity" value={page.id} />
            <input type="hidden" name="course" value={page.course.slug} />
            <input type="hidden" name="next" value={page.nextActivityId ?? ''} />
            <input type="hidden" name="locked" value={page.nextLocked ? 'yes' : ''} />
            <SubmitButton id="next" size="large">
              <Icon name="check" />
              {next ? t('player.readAndNext') : t('player.finish')}
            </SubmitButton>
          </Form>
        ) : open ? (
          <ButtonLink id="next" size="large" href={`/activities/${next.id}`}>
            {t('player.next')} <Icon name="arrow-right" />
          </ButtonLink>
        ) : page.course.credentialCode ? (
          <ButtonLink id="next" size="large" href={`/certificates/${page.course.credentialCode}`}>
            {t('player.certificate')} <Icon name="arrow-right" />
          </ButtonLink>
        ) : (
          <ButtonLink id="next" size="large" variant="secondary" href={`/courses/${page.course.slug}`}>
            {t('player.backToProgramme')}
          </ButtonLink>
        )}
      </div>
      {next && (
        <p className="mt-3 text-right text-sm text-ink-soft">
          {open || complete ? t('player.nextTitle', { title: next.title }) : t('player.lockedNext')}
        </p>
      )}
      <p className="mt-6 hidden text-right text-xs text-ink-faint hover-able:block">{t('player.keyboard')}</p>
      <PlayerKeys />
    </div>
  );
}
