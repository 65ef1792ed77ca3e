import { redirect } from 'next/navigation';
import { VerifyForm } from '@/components/course/VerifyForm';
import { Page } from '@/components/shell/Page';
import { single } from '@/server/query';
import { visit } from '@/server/visit';

export default async function VerifyPage({ searchParams }: PageProps<'/verify'>) {
  const { t } = await visit();
  const code = single((await searchParams).code)
    ?.replace(/[^A-Za-z0-9-]/g, '')
    .toUpperCase();
  if (code) redirect(`/verify/${code}`);
  return (
    <Page title={t('certificate.verifyTitle')}>
      <div className="mx-auto max-w-xl">
        <h1 className="text-3xl">{t('certificate.verifyTitle')}</h1>
        <p className="mt-3 mb-8 text-ink-soft">{t('certificate.verifyLead')}</p>
        <VerifyForm t={t} />
      </div>
    </Page>
  );
}
