import { redirect } from 'next/navigation';
import { PasskeyButton } from '@/components/passkey/PasskeyButton';
import { passkeyWords } from '@/components/passkey/words';
import { Page } from '@/components/shell/Page';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { Card } from '@/components/ui/Card';
import { Field } from '@/components/ui/Field';
import { Form } from '@/components/ui/Form';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { SECURITY } from '@/server/problem';
import { single } from '@/server/query';
import { safeNext } from '@/server/session';
import { visit } from '@/server/visit';
import { beginConfirmation, confirm, confirmByPasskey } from '../security/actions';

/** Asks again who it is, before what is sensitive. */
export default async function ConfirmPage({ searchParams }: PageProps<'/profile/confirm'>) {
  const { t, user, call } = await visit();
  if (!user) redirect(`/sign-in?next=${SECURITY}`);
  const next = safeNext(single((await searchParams).next) ?? SECURITY);
  const { data, problem } = await load(SECURITY, backend().getMySecurity(call));
  if (problem)
    return (
      <Page title={problem.title}>
        <ProblemPage problem={problem} />
      </Page>
    );
  const { confirmBy } = data;
  const byPassword = confirmBy.includes('password');
  const byCode = confirmBy.includes('totp') || confirmBy.includes('recovery-code');
  return (
    <Page title={t('signIn.secondTitle')}>
      <Card className="mx-auto max-w-md">
        <h1 className="text-2xl">{t('signIn.secondTitle')}</h1>
        <p className="mt-2 mb-6 text-ink-soft">
          {byPassword && !user.hasPassword ? t('security.confirmByLink') : t('security.confirmLead')}
        </p>
        {confirmBy.includes('passkey') && (
          <PasskeyButton
            label={t('signIn.usePasskey')}
            begin={beginConfirmation}
            finish={confirmByPasskey}
            next={next}
            words={passkeyWords(t)}
          />
        )}
        {(byCode || (byPassword && user.hasPassword)) && (
          <Form
            id="confirm"
            action={confirm}
            referenceLabel={t('problem.reference')}
            className="mt-5 space-y-5"
          >
            <input type="hidden" name="next" value={next} />
            {byCode ? (
              <Field
                name="code"
                label={t('signIn.code')}
                hint={t('signIn.codeHint')}
                autoComplete="one-time-code"
                required
              />
            ) : (
              <Field
                name="password"
                type="password"
                label={t('profile.current')}
                autoComplete="current-password"
                required
              />
            )}
            <SubmitButton className="w-full">{t('signIn.continue')}</SubmitButton>
          </Form>
        )}
      </Card>
    </Page>
  );
}
