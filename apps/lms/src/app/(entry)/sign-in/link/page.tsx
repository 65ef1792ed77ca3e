import { EntryHeading } from '@/components/shell/EntryHeading';
import { Alert } from '@/components/ui/Alert';
import { ButtonLink } from '@/components/ui/Button';
import { Form } from '@/components/ui/Form';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { single } from '@/server/query';
import { visit } from '@/server/visit';
import { redeemSignInLink } from '../../actions';

/** A mailed link leads here. It signs in by a click, never by being opened: mail scanners open every link. */
export default async function SignInLinkPage({ searchParams }: PageProps<'/sign-in/link'>) {
  const { t, site } = await visit();
  const query = await searchParams;
  const token = single(query.token);
  return (
    <>
      <EntryHeading text={t('signIn.redeemTitle')} />
      {token ? (
        <>
          <p className="mt-2 mb-6 text-ink-soft">{t('signIn.redeemLead', { name: site.name })}</p>
          <Form id="redeem" action={redeemSignInLink} referenceLabel={t('problem.reference')}>
            <input type="hidden" name="token" value={token} />
            <input type="hidden" name="next" value={single(query.next) ?? '/'} />
            <SubmitButton size="large" className="w-full">
              {t('signIn.redeem')}
            </SubmitButton>
          </Form>
        </>
      ) : (
        <Alert tone="warning" className="my-6">
          {t('signIn.missingToken')}
        </Alert>
      )}
      <p className="mt-4 text-center">
        <ButtonLink variant="link" href="/sign-in?by=link">
          {t('signIn.newLink')}
        </ButtonLink>
      </p>
    </>
  );
}
