import { ButtonLink } from '@/components/ui/Button';
import { instance } from '@/server/instance';
import { visit } from '@/server/visit';

export async function generateMetadata() {
  const { t } = await visit();
  return { title: t('handoff.failed') };
}

/** The hub's one-time token was used already, or took longer than a minute. */
export default async function ExpiredHandoffPage() {
  const { t } = await visit();
  return (
    <>
      <h1 className="text-2xl">{t('handoff.failed')}</h1>
      <p className="mt-2 mb-6 text-ink-soft">{t('handoff.failedLead')}</p>
      <ButtonLink href={instance().publicUrl} className="w-full">
        {t('handoff.back')}
      </ButtonLink>
    </>
  );
}
