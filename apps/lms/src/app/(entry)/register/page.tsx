import { EntryHeading } from '@/components/shell/EntryHeading';
import { ButtonLink } from '@/components/ui/Button';
import { Field } from '@/components/ui/Field';
import { Form } from '@/components/ui/Form';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { visit } from '@/server/visit';
import { register } from '../actions';

export default async function RegisterPage() {
  const { t, site } = await visit();
  if (site.registration !== 'open') {
    return (
      <>
        <EntryHeading text={t('register.closed')} />
        <p className="mt-2 mb-6 text-ink-soft">{t('register.closedLead')}</p>
        <ButtonLink variant="secondary" href="/sign-in">
          {t('signIn.title')}
        </ButtonLink>
      </>
    );
  }
  return (
    <>
      <EntryHeading text={t('register.title')} />
      <p className="mt-2 mb-6 text-ink-soft">{t('register.lead', { name: site.name })}</p>
      <Form
        id="register"
        action={register}
        referenceLabel={t('problem.reference')}
        resetOnSuccess
        className="space-y-5"
      >
        <Field
          name="name"
          label={t('invitation.name')}
          hint={t('invitation.nameHint')}
          autoComplete="name"
          required
        />
        <Field
          name="email"
          type="email"
          label={t('signIn.email')}
          autoComplete="username"
          inputMode="email"
          required
        />
        <Field
          name="password"
          type="password"
          label={t('signIn.password')}
          hint={t('password.rule')}
          autoComplete="new-password"
          required
        />
        <SubmitButton size="large" className="w-full">
          {t('register.submit')}
        </SubmitButton>
      </Form>
      <p className="mt-6 text-center text-sm text-ink-soft">
        {t('register.already')}{' '}
        <a className="link" href="/sign-in">
          {t('signIn.title')}
        </a>
      </p>
    </>
  );
}
