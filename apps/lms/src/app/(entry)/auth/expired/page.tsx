import { EntryHeading } from '@/components/shell/EntryHeading';
import { ButtonLink } from '@/components/ui/Button';
import { instance } from '@/server/instance';
import { visit } from '@/server/visit';

/** The hub's one-time token was used already, or took longer than a minute. */
export default async function ExpiredHandoffPage() {
  const { t } = await visit();
  return (
    <>
      <EntryHeading text={t('handoff.failed')} />
      <p className="mt-2 mb-6 text-ink-soft">{t('handoff.failedLead')}</p>
      <ButtonLink href={instance().publicUrl} className="w-full">
        {t('handoff.back')}
      </ButtonLink>
    </>
  );
}
