import { EntryHeading } from '@/components/shell/EntryHeading';
import { ButtonLink } from '@/components/ui/Button';
import { Field } from '@/components/ui/Field';
import { Form } from '@/components/ui/Form';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { visit } from '@/server/visit';
import { requestPasswordReset } from '../../actions';

export default async function ForgotPasswordPage() {
  const { t } = await visit();
  return (
    <>
      <EntryHeading text={t('password.forgotTitle')} />
      <p className="mt-2 mb-6 text-ink-soft">{t('password.forgotLead')}</p>
      <Form
        id="forgot"
        action={requestPasswordReset}
        referenceLabel={t('problem.reference')}
        className="space-y-5"
      >
        <Field
          name="email"
          type="email"
          label={t('signIn.email')}
          autoComplete="username"
          inputMode="email"
          required
        />
        <SubmitButton size="large" className="w-full">
          {t('password.send')}
        </SubmitButton>
      </Form>
      <p className="mt-4 text-center">
        <ButtonLink variant="link" href="/sign-in">
          {t('password.back')}
        </ButtonLink>
      </p>
    </>
  );
}
