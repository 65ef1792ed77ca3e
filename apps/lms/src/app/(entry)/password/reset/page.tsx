import { EntryHeading } from '@/components/shell/EntryHeading';
import { Alert } from '@/components/ui/Alert';
import { ButtonLink } from '@/components/ui/Button';
import { Field } from '@/components/ui/Field';
import { Form } from '@/components/ui/Form';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { single } from '@/server/query';
import { visit } from '@/server/visit';
import { resetPassword } from '../../actions';

export default async function ResetPasswordPage({ searchParams }: PageProps<'/password/reset'>) {
  const { t } = await visit();
  const token = single((await searchParams).token);
  return (
    <>
      <EntryHeading text={t('password.resetTitle')} />
      {token ? (
        <>
          <p className="mt-2 mb-6 text-ink-soft">{t('password.resetLead')}</p>
          <Form
            id="reset"
            action={resetPassword}
            referenceLabel={t('problem.reference')}
            className="space-y-5"
          >
            <input type="hidden" name="token" value={token} />
            <Field
              name="password"
              type="password"
              label={t('password.new')}
              hint={t('password.rule')}
              autoComplete="new-password"
              required
            />
            <SubmitButton size="large" className="w-full">
              {t('password.save')}
            </SubmitButton>
          </Form>
        </>
      ) : (
        <Alert tone="warning" className="my-6">
          {t('signIn.missingToken')}
        </Alert>
      )}
      <p className="mt-4 text-center">
        <ButtonLink variant="link" href="/password/forgot">
          {t('signIn.newLink')}
        </ButtonLink>
      </p>
    </>
  );
}
