import { redirect } from 'next/navigation';
import { passkeyWords } from '@/components/passkey/words';
import { Factors } from '@/components/security/Factors';
import { Page } from '@/components/shell/Page';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { Alert } from '@/components/ui/Alert';
import { Badge } from '@/components/ui/Badge';
import { Card } from '@/components/ui/Card';
import { ConfirmedSubmit } from '@/components/ui/ConfirmedSubmit';
import { Field } from '@/components/ui/Field';
import { Form } from '@/components/ui/Form';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { formatInstant } from '@/i18n/format';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { SECURITY } from '@/server/problem';
import { visit } from '@/server/visit';
import { endOthers, endSession, removeApp, removePasskey, renamePasskey } from './actions';

/** What proves somebody, and where they are signed in. */
export default async function SecurityPage({ searchParams }: PageProps<'/profile/security'>) {
  const { t, user, call, locale, site } = await visit();
  if (!user) redirect(`/sign-in?next=${SECURITY}`);
  const { data: security, problem } = await load(SECURITY, backend().getMySecurity(call));
  if (problem)
    return (
      <Page title={problem.title}>
        <ProblemPage problem={problem} />
      </Page>
    );
  const { totp, passkeys, recoveryCodes, sessions } = security;
  const hasFactor = totp !== null || passkeys.length > 0;
  const when = (instant: string) => formatInstant(locale, instant);
  const reference = t('problem.reference');
  return (
    <Page title={t('security.title')}>
      <div className="mx-auto max-w-2xl space-y-8">
        <div>
          <h1 className="text-3xl">{t('security.title')}</h1>
          <p className="mt-2 text-ink-soft">{t('security.lead')}</p>
        </div>
        {'confirmed' in (await searchParams) && <Alert tone="success">{t('security.confirmed')}</Alert>}
        {user.factorDue && Date.parse(user.factorDue) <= Date.now() && (
          <Alert tone="warning">{t('security.needed')}</Alert>
        )}
        <Card>
          <div className="flex flex-wrap items-center justify-between gap-3">
            <h2 className="text-xl">{t('security.factors')}</h2>
            <Badge tone={hasFactor ? 'success' : 'neutral'}>
              {hasFactor ? t('security.on') : t('security.off')}
            </Badge>
          </div>
          <p className="mt-1 mb-6 text-sm text-ink-soft">{t('security.factorsLead')}</p>
          <ul className="mb-6 divide-y divide-line">
            {passkeys.map(({ id, name, createdAt }) => (
              <li key={id} className="flex flex-wrap items-start justify-between gap-3 py-3">
                <div className="min-w-0 flex-1">
                  <p className="font-semibold break-words">{name}</p>
                  <p className="text-sm text-ink-soft">{t('security.addedOn', { when: when(createdAt) })}</p>
                  <details className="mt-1">
                    <summary className="w-fit cursor-pointer text-sm font-semibold text-brand-text">
                      {t('security.rename')}
                      <span className="sr-only"> {name}</span>
                    </summary>
                    <Form
                      id={`rename-${id}`}
                      key={name}
                      action={renamePasskey}
                      referenceLabel={reference}
                      className="mt-3 space-y-3"
                    >
                      <input type="hidden" name="passkeyId" value={id} />
                      <Field
                        name="name"
                        label={t('security.passkeyName')}
                        defaultValue={name}
                        maxLength={80}
                        required
                      />
                      <SubmitButton size="small">{t('security.save')}</SubmitButton>
                    </Form>
                  </details>
                </div>
                <Form id={`passkey-${id}`} action={removePasskey} referenceLabel={reference}>
                  <input type="hidden" name="passkeyId" value={id} />
                  <ConfirmedSubmit
                    variant="secondary"
                    size="small"
                    aria-label={t('security.removeOne', { name })}
                    title={t('security.removeTitle', { name })}
                    lead={t('security.removeLead')}
                    confirm={t('security.remove')}
                    cancel={t('security.cancel')}
                  >
                    {t('security.remove')}
                  </ConfirmedSubmit>
                </Form>
              </li>
            ))}
            {totp && (
              <li className="flex flex-wrap items-center justify-between gap-3 py-3">
                <div className="min-w-0">
                  <p className="font-semibold">{t('security.app')}</p>
                  <p className="text-sm text-ink-soft">
                    {t('security.addedOn', { when: when(totp.confirmedAt) })}
                  </p>
                </div>
                <Form id="app" action={removeApp} referenceLabel={reference}>
                  <ConfirmedSubmit
                    variant="secondary"
                    size="small"
                    aria-label={t('security.removeOne', { name: t('security.app') })}
                    title={t('security.removeTitle', { name: t('security.app') })}
                    lead={t('security.removeLead')}
                    confirm={t('security.remove')}
                    cancel={t('security.cancel')}
                  >
                    {t('security.remove')}
                  </ConfirmedSubmit>
                </Form>
              </li>
            )}
          </ul>
          {recoveryCodes && (
            <p className="mb-6 text-sm text-ink-soft">
              {t('security.codesLeft', { left: recoveryCodes.left, total: recoveryCodes.total })}
            </p>
          )}
          <Factors
            hasApp={totp !== null}
            hasFactor={hasFactor}
            words={{
              ...passkeyWords(t),
              known: t('security.passkeyKnown'),
              name: t('security.passkeyName'),
              nameDefault: t('security.passkeyDefault'),
              addPasskey: t('security.addPasskey'),
              addApp: t('security.addApp'),
              scan: t('security.scan'),
              secret: t('security.secret'),
              code: t('security.appCode'),
              activate: t('security.activate'),
              draw: t('security.draw'),
              codesTitle: t('security.codesTitle'),
              codesLead: t('security.codesLead'),
              codesFile: t('security.codesFile', { name: site.name }),
              codesFileName: t('security.codesFileName'),
              download: t('security.download'),
              print: t('security.print'),
            }}
          />
        </Card>
        <Card>
          <h2 className="text-xl">{t('security.sessions')}</h2>
          <p className="mt-1 mb-4 text-sm text-ink-soft">{t('security.sessionsLead')}</p>
          <ul className="divide-y divide-line">
            {sessions.map(({ id, current, browser, system, address, lastSeenAt }) => {
              const name = [browser, system].filter(Boolean).join(' · ') || t('security.unknownBrowser');
              return (
                <li key={id} className="flex flex-wrap items-center justify-between gap-3 py-3">
                  <div className="min-w-0">
                    <p className="font-semibold">{name}</p>
                    <p className="text-sm break-words text-ink-soft">
                      {[address, t('security.seen', { when: when(lastSeenAt) })].filter(Boolean).join(' · ')}
                    </p>
                  </div>
                  {current ? (
                    <Badge tone="brand">{t('security.here')}</Badge>
                  ) : (
                    <Form id={`session-${id}`} action={endSession} referenceLabel={reference}>
                      <input type="hidden" name="sessionId" value={id} />
                      <SubmitButton
                        variant="secondary"
                        size="small"
                        aria-label={t('security.endOne', { name })}
                      >
                        {t('security.end')}
                      </SubmitButton>
                    </Form>
                  )}
                </li>
              );
            })}
          </ul>
          <Form id="others" action={endOthers} referenceLabel={reference} className="mt-4">
            {sessions.length > 1 && (
              <SubmitButton variant="secondary">{t('security.endOthers')}</SubmitButton>
            )}
          </Form>
        </Card>
        <p>
          <a className="link" href="/profile">
            {t('security.back')}
          </a>
        </p>
      </div>
    </Page>
  );
}
