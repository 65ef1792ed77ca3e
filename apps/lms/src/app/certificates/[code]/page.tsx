import { mark } from '@/components/shell/mark';
import { Page } from '@/components/shell/Page';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { Alert } from '@/components/ui/Alert';
import { buttonStyle } from '@/components/ui/buttonStyle';
import { Icon } from '@/html/Icon';
import { Static } from '@/html/Static';
import { formatDate, formatMinutes } from '@/i18n/format';
import { backend } from '@/server/backend';
import { instance } from '@/server/instance';
import { load } from '@/server/load';
import { visit } from '@/server/visit';

export default async function CertificatePage({ params }: PageProps<'/certificates/[code]'>) {
  const { t, locale, call } = await visit();
  const { code } = await params;
  const { data, problem } = await load(
    `/certificates/${code}`,
    backend().verifyCredential({ ...call, params: { code } }),
  );
  if (problem) {
    return (
      <Page area="courses" title={t('certificate.title')} indexed={false}>
        <ProblemPage problem={problem} />
      </Page>
    );
  }
  const address = `${instance().platformUrl}/verify/${data.code}`;
  return (
    <Page area="courses" title={t('certificate.title')} indexed={false}>
      <div className="mx-auto max-w-3xl">
        {data.revokedAt && (
          <Alert tone="danger" className="mb-6">
            {t('certificate.revoked', { date: formatDate(locale, data.revokedAt) })}
          </Alert>
        )}
        <section aria-labelledby="certificate" className="rounded-xl border-2 border-brand bg-surface p-2">
          <div className="rounded-lg border border-brand-line px-6 py-10 text-center sm:px-12 sm:py-14">
            <Static className="mb-6 flex justify-center *:size-12" content={mark} />
            <h1 id="certificate" className="text-sm tracking-[0.2em] text-brand-text uppercase">
              {t('certificate.title')}
            </h1>
            <p className="mt-8 text-ink-soft">{t('certificate.lead')}</p>
            <p className="mt-2 font-heading text-3xl font-bold">{data.holderName}</p>
            <p className="mt-6 text-ink-soft">{t('certificate.completed')}</p>
            <p className="mt-2 font-heading text-xl font-semibold">{data.courseTitle}</p>
            <p className="mt-8 text-sm text-ink-soft">
              {t('certificate.issuedBy', { issuer: data.issuer })}{' '}
              {t('certificate.issuedOn', { date: formatDate(locale, data.issuedAt) })}
              {data.durationMinutes > 0 && (
                <>
                  <br />
                  {t('certificate.duration', { duration: formatMinutes(data.durationMinutes) })}
                </>
              )}
            </p>
          </div>
        </section>
        <div className="mt-8 flex flex-wrap items-start justify-between gap-6">
          <dl className="min-w-0 text-sm">
            <dt className="font-semibold">{t('certificate.publicLink')}</dt>
            <dd className="mt-1">
              <a className="link break-all" href={`/verify/${data.code}`}>
                {address}
              </a>
              <span className="mt-1 block text-ink-soft">{t('certificate.publicLinkLead')}</span>
            </dd>
          </dl>
          <a
            className={buttonStyle({ size: 'large' })}
            href={`/certificates/${data.code}/pdf?locale=${locale}`}
            download
          >
            <Icon name="download" /> {t('certificate.download')}
          </a>
        </div>
      </div>
    </Page>
  );
}
