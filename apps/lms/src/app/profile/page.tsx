import { redirect } from 'next/navigation';
import { Page } from '@/components/shell/Page';
import { ButtonLink } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { Field, Select } from '@/components/ui/Field';
import { Form } from '@/components/ui/Form';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { visit } from '@/server/visit';
import { changePassword, saveProfile } from './actions';

export default async function ProfilePage() {
  const { t, user } = await visit();
  if (!user) redirect('/sign-in?next=/profile');
  // The row that stands for staff is nobody's.
  if (user.support) redirect('/admin');
  return (
    <Page title={t('profile.title')}>
      <div className="mx-auto max-w-2xl space-y-8">
        <h1 className="text-3xl">{t('profile.title')}</h1>
        <Card>
          <h2 className="text-xl">{t('profile.identity')}</h2>
          <p className="mt-1 mb-6 text-sm text-ink-soft">{t('profile.identityLead')}</p>
          <Form
            id="profile"
            action={saveProfile}
            referenceLabel={t('problem.reference')}
            className="space-y-5"
          >
            <Field
              name="name"
              label={t('profile.name')}
              defaultValue={user.name}
              autoComplete="name"
              required
            />
            <Field
              name="email"
              label={t('profile.email')}
              hint={t('profile.emailHint')}
              defaultValue={user.email}
              readOnly
              className="bg-sunken"
            />
            <Select name="locale" label={t('profile.language')} defaultValue={user.locale}>
              <option value="fr">Français</option>
              <option value="en">English</option>
            </Select>
            <SubmitButton>{t('profile.save')}</SubmitButton>
          </Form>
        </Card>
        <Card>
          <h2 className="text-xl">{t('profile.passwordTitle')}</h2>
          <p className="mt-1 mb-6 text-sm text-ink-soft">
            {user.hasPassword ? t('profile.passwordLead') : t('profile.passwordNone')}
          </p>
          <Form
            id="password"
            action={changePassword}
            referenceLabel={t('problem.reference')}
            resetOnSuccess
            className="space-y-5"
          >
            <input type="hidden" name="username" value={user.email} autoComplete="username" />
            {user.hasPassword && (
              <Field
                name="current"
                type="password"
                label={t('profile.current')}
                autoComplete="current-password"
                required
              />
            )}
            <Field
              name="next"
              type="password"
              label={t('profile.new')}
              hint={t('password.rule')}
              autoComplete="new-password"
              required
            />
            <SubmitButton>{t('profile.change')}</SubmitButton>
          </Form>
        </Card>
        <Card>
          <h2 className="text-xl">{t('security.title')}</h2>
          <p className="mt-1 mb-6 text-sm text-ink-soft">{t('security.openLead')}</p>
          <ButtonLink variant="secondary" href="/profile/security">
            {t('security.open')}
          </ButtonLink>
        </Card>
      </div>
    </Page>
  );
}
