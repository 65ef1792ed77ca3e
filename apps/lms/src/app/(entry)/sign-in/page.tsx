import { redirect } from 'next/navigation';
import { PasskeyButton } from '@/components/passkey/PasskeyButton';
import { passkeyWords } from '@/components/passkey/words';
import { EntryHeading } from '@/components/shell/EntryHeading';
import { Alert } from '@/components/ui/Alert';
import { ButtonLink } from '@/components/ui/Button';
import { Field } from '@/components/ui/Field';
import { Form } from '@/components/ui/Form';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { isSupportSession } from '@/server/person';
import { single } from '@/server/query';
import { safeNext } from '@/server/session';
import { visit } from '@/server/visit';
import { requestSignInLink, signIn } from '../actions';
import { beginPasskey, enterByPasskey } from './actions';

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const { t, site, user, call } = await visit();
  const query = await searchParams;
  const next = safeNext(single(query.next));
  if (user) redirect(next);
  const byLink = single(query.by) === 'link';
  const other = new URLSearchParams({ ...(next === '/' ? {} : { next }), ...(byLink ? {} : { by: 'link' }) });
  return (
    <>
      <EntryHeading text={t('signIn.title')} />
      {isSupportSession(call.session) && (
        <Alert tone="warning" className="mt-4">
          {t('support.over')}
        </Alert>
      )}
      <p className="mt-2 mb-6 text-ink-soft">
        {byLink ? t('signIn.byLinkLead') : t('signIn.lead', { name: site.name })}
      </p>
      <Form
        key={byLink ? 'link' : 'password'}
        id="sign-in"
        action={byLink ? requestSignInLink : signIn}
        referenceLabel={t('problem.reference')}
        className="space-y-5"
      >
        <input type="hidden" name="next" value={next} />
        <Field
          name="email"
          type="email"
          label={t('signIn.email')}
          autoComplete="username webauthn"
          inputMode="email"
          required
        />
        {!byLink && (
          <Field
            name="password"
            type="password"
            label={t('signIn.password')}
            autoComplete="current-password"
            required
          />
        )}
        <SubmitButton size="large" className="w-full">
          {byLink ? t('signIn.sendLink') : t('signIn.submit')}
        </SubmitButton>
      </Form>
      {!byLink && (
        <p className="mt-4 text-center text-sm">
          <a className="link" href="/password/forgot">
            {t('signIn.forgot')}
          </a>
        </p>
      )}
      <p className="my-5 flex items-center gap-4 text-sm text-ink-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {t('signIn.or')}
      </p>
      <PasskeyButton
        variant="secondary"
        label={t('signIn.passkey')}
        begin={beginPasskey}
        finish={enterByPasskey}
        next={next}
        beside
        words={passkeyWords(t)}
      />
      <ButtonLink
        variant="secondary"
        className="mt-3 w-full"
        href={`/sign-in${other.size ? `?${other}` : ''}`}
      >
        {byLink ? t('signIn.byPassword') : t('signIn.byLink')}
      </ButtonLink>
      <p className="mt-6 text-center text-sm text-ink-soft">
        {site.registration === 'open' ? (
          <>
            {t('signIn.noAccount')}{' '}
            <a className="link" href="/register">
              {t('signIn.register')}
            </a>
          </>
        ) : (
          t('signIn.invitationOnly')
        )}
      </p>
    </>
  );
}
