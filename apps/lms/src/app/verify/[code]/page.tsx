import { ApiProblem } from '@preau/contract/client';
import { VerifyForm } from '@/components/course/VerifyForm';
import { Page } from '@/components/shell/Page';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { ButtonLink } from '@/components/ui/Button';
import { Icon } from '@/html/Icon';
import { formatDate, formatMinutes } from '@/i18n/format';
import { backend } from '@/server/backend';
import { instance } from '@/server/instance';
import { load } from '@/server/load';
import { visit } from '@/server/visit';

const codePattern = /^[A-Za-z0-9-]{8,40}$/;

/** What anybody sees who was given a certificate's code: real, revoked, expired, or unknown. */
export default async function VerificationPage({ params }: PageProps<'/verify/[code]'>) {
  const { t, locale, call } = await visit();
  const { code } = await params;
  const known = codePattern.test(code)
    ? await load(
        `/verify/${code}`,
        backend()
          .verifyCredential({ ...call, session: undefined, params: { code } })
          .catch((error: unknown) => {
            if (error instanceof ApiProblem && error.is('not-found', 'invalid-request')) return null;
            throw error;
          }),
      )
    : { data: null };
  if (known.problem) {
    return (
      <Page title={t('certificate.verifyTitle')} indexed={false}>
        <ProblemPage problem={known.problem} />
      </Page>
    );
  }
  const credential = known.data;
  if (!credential) {
    instance().answerStatus(404);
    return (
      <Page title={t('certificate.verifyTitle')} indexed={false}>
        <div className="mx-auto max-w-xl">
          <h1 className="flex items-start gap-3 text-2xl">
            <Icon name="circle-x" className="mt-1 size-7 shrink-0 text-danger" />
            {t('certificate.unknown')}
          </h1>
          <p className="mt-3 mb-8 text-ink-soft">{t('certificate.unknownLead')}</p>
          <VerifyForm t={t} code={code.slice(0, 60)} />
        </div>
      </Page>
    );
  }
  const now = new Date();
  const expired = credential.expiresAt !== null && new Date(credential.expiresAt) < now;
  const valid = !credential.revokedAt && !expired;
  const facts = [
    { term: t('certificate.holder'), text: credential.holderName },
    { term: t('certificate.course'), text: credential.courseTitle },
    { term: t('certificate.issuer'), text: credential.issuer },
    { term: t('certificate.issuedAt'), text: formatDate(locale, credential.issuedAt) },
    { term: t('course.duration'), text: formatMinutes(credential.durationMinutes) },
    { term: t('certificate.code'), text: credential.code },
  ].filter(({ text }) => text);
  return (
    <Page title={t('certificate.verifyTitle')} indexed={false}>
      <div className="mx-auto max-w-xl">
        <h1 className="flex items-start gap-3 text-2xl">
          {valid ? (
            <Icon name="badge-check" className="mt-0.5 size-8 shrink-0 text-success" />
          ) : (
            <Icon name="circle-x" className="mt-0.5 size-8 shrink-0 text-danger" />
          )}
          {valid && t('certificate.valid')}
          {credential.revokedAt &&
            t('certificate.revoked', { date: formatDate(locale, credential.revokedAt) })}
          {!credential.revokedAt &&
            expired &&
            t('certificate.expired', { date: formatDate(locale, credential.expiresAt ?? '') })}
        </h1>
        <p className="mt-3 text-ink-soft">
          {valid ? t('certificate.validLead', { issuer: credential.issuer }) : t('certificate.revokedLead')}
          {valid &&
            credential.expiresAt &&
            ` ${t('certificate.expiresOn', { date: formatDate(locale, credential.expiresAt) })}.`}
        </p>
        <dl className="mt-8 divide-y divide-line rounded-xl border border-line bg-surface">
          {facts.map(({ term, text }) => (
            <div key={term} className="grid gap-1 px-5 py-3 sm:grid-cols-[11rem_1fr]">
              <dt className="text-sm text-ink-soft">{term}</dt>
              <dd className="font-medium break-words">{text}</dd>
            </div>
          ))}
        </dl>
        <p className="mt-6">
          <ButtonLink variant="secondary" href="/verify">
            {t('certificate.another')}
          </ButtonLink>
        </p>
      </div>
    </Page>
  );
}
