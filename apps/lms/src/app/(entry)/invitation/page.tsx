import { opaqueToken } from '@preau/contract/primitives';
import { EntryHeading } from '@/components/shell/EntryHeading';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { Title } from '@/components/shell/Title';
import { Alert } from '@/components/ui/Alert';
import { Badge } from '@/components/ui/Badge';
import { Field } from '@/components/ui/Field';
import { Form } from '@/components/ui/Form';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { single } from '@/server/query';
import { visit } from '@/server/visit';
import { acceptInvitation } from '../actions';

export default async function InvitationPage({ searchParams }: PageProps<'/invitation'>) {
  const { t, site, call } = await visit();
  const token = single((await searchParams).token);
  if (!opaqueToken.safeParse(token).success || !token) {
    return (
      <>
        <EntryHeading text={t('invitation.title', { name: site.name })} />
        <Alert tone="warning" className="mt-6">
          {t('signIn.missingToken')}
        </Alert>
      </>
    );
  }
  const lookup = backend().describeInvitation({ ...call, session: undefined, body: { token } });
  const { data, problem } = await load('/invitation', lookup);
  if (problem) {
    return (
      <>
        <Title text={problem.title} />
        <ProblemPage problem={problem} />
      </>
    );
  }
  const { email, role, customRole, invitedBy, courseTitle } = data;
  return (
    <>
      <EntryHeading text={t('invitation.title', { name: site.name })} />
      <p className="mt-2 mb-6 text-ink-soft">
        {courseTitle
          ? t('invitation.leadCourse', { inviter: invitedBy, course: courseTitle })
          : t('invitation.lead', { inviter: invitedBy, name: site.name })}
      </p>
      <p className="mb-6 flex flex-wrap items-center gap-2 text-sm">
        <span className="font-semibold break-all">{email}</span>
        <Badge tone="brand">{customRole?.name ?? t(`invitation.role.${role}`)}</Badge>
      </p>
      <Form
        id="invitation"
        action={acceptInvitation}
        referenceLabel={t('problem.reference')}
        className="space-y-5"
      >
        <input type="hidden" name="token" value={token} />
        {/* So that password managers keep the address with the password. */}
        <input type="hidden" name="username" value={email} autoComplete="username" />
        <Field
          name="name"
          label={t('invitation.name')}
          hint={t('invitation.nameHint')}
          autoComplete="name"
          required
        />
        <Field
          name="password"
          type="password"
          label={t('invitation.password')}
          hint={t('password.rule')}
          autoComplete="new-password"
          required
        />
        <SubmitButton size="large" className="w-full">
          {t('invitation.accept')}
        </SubmitButton>
      </Form>
    </>
  );
}
