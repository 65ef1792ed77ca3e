import { redirect } from 'next/navigation';
import { PasskeyButton } from '@/components/passkey/PasskeyButton';
import { passkeyWords } from '@/components/passkey/words';
import { EntryHeading } from '@/components/shell/EntryHeading';
import { Field } from '@/components/ui/Field';
import { Form } from '@/components/ui/Form';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { secondStep } from '@/server/session';
import { visit } from '@/server/visit';
import { beginSecondPasskey, confirmByCode, confirmByPasskey } from '../actions';

/** The second factor of whoever has given the first. */
export default async function SecondStepPage() {
  const { t } = await visit();
  const step = await secondStep();
  if (!step) redirect('/sign-in');
  const { methods, next } = step;
  const byPasskey = methods.includes('passkey');
  const byApp = methods.includes('totp');
  const byCode = byApp || methods.includes('recovery-code');
  return (
    <>
      <EntryHeading text={t('signIn.secondTitle')} />
      <p className="mt-2 mb-6 text-ink-soft">{t('signIn.secondLead')}</p>
      {byPasskey && (
        <PasskeyButton
          size="large"
          label={t('signIn.usePasskey')}
          begin={beginSecondPasskey}
          finish={confirmByPasskey}
          next={next}
          words={passkeyWords(t)}
        />
      )}
      {byPasskey && byCode && (
        <p className="my-5 flex items-center gap-4 text-sm text-ink-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
          {t('signIn.or')}
        </p>
      )}
      {byCode && (
        <Form
          id="second-step"
          action={confirmByCode}
          referenceLabel={t('problem.reference')}
          className="space-y-5"
        >
          <Field
            name="code"
            label={t('signIn.code')}
            hint={byApp ? t('signIn.codeHint') : t('signIn.recoveryHint')}
            autoComplete="one-time-code"
            autoCapitalize="characters"
            maxLength={40}
            required
          />
          <SubmitButton size="large" variant={byPasskey ? 'secondary' : 'primary'} className="w-full">
            {t('signIn.continue')}
          </SubmitButton>
        </Form>
      )}
      <p className="mt-6 text-center text-sm">
        <a className="link" href="/sign-in">
          {t('signIn.startAgain')}
        </a>
      </p>
    </>
  );
}
