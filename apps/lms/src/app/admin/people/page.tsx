import { covers } from '@preau/contract/permission';
import type { Person } from '@preau/contract/tenant/people';
import { type RoleEntry, roleKey } from '@preau/contract/tenant/roles';
import { AdminFrame } from '@/administration/AdminFrame';
import {
  endSessions,
  invitePeople,
  resetFactors,
  revokeInvitation,
  updatePerson,
} from '@/administration/actions';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { Badge } from '@/components/ui/Badge';
import { Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { ConfirmedSubmit } from '@/components/ui/ConfirmedSubmit';
import { classes } from '@/components/ui/classes';
import { EmptyState } from '@/components/ui/EmptyState';
import { Select, TextArea } from '@/components/ui/Field';
import { Form } from '@/components/ui/Form';
import { inputStyle } from '@/components/ui/inputStyle';
import { Pagination } from '@/components/ui/Pagination';
import { SearchField } from '@/components/ui/SearchField';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { formatDate, formatInstant } from '@/i18n/format';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { may } from '@/server/may';
import { pageNumber, single } from '@/server/query';
import { administratorVisit } from '@/studio/author';

const PAGE_SIZE = 25;

export default async function PeoplePage({ searchParams }: PageProps<'/admin/people'>) {
  const path = '/admin/people';
  const { t, call, locale, user } = await administratorVisit(path, 'person.read');
  const query = await searchParams;
  const search = (single(query.search) ?? '').trim().slice(0, 200);
  const role = roleKey.safeParse(single(query.role)).data;
  const page = pageNumber(query.page);
  const { data, problem } = await load(
    path,
    Promise.all([
      backend().listPeople({
        ...call,
        query: { page, pageSize: PAGE_SIZE, search: search || undefined, role },
      }),
      may(user, 'person.invite')
        ? backend().listInvitations({ ...call, query: { pageSize: 50 } })
        : { items: [] },
      backend().listRoles(call),
      backend().listPeople({ ...call, query: { pageSize: 100, leads: 'true' } }),
    ]),
  );
  if (problem) {
    return (
      <AdminFrame part="people">
        <ProblemPage problem={problem} />
      </AdminFrame>
    );
  }
  const [people, invitations, { items: roles }, { items: managers }] = data;
  const nameOf = ({ builtIn, name }: RoleEntry) => (builtIn ? t(`admin.roles.${builtIn}`) : name);
  const mayInvite = may(user, 'person.invite');
  const filters = { ...(search ? { search } : {}), ...(role ? { role } : {}) };
  const href = (number: number) => `${path}?${new URLSearchParams({ ...filters, page: String(number) })}`;
  // As the backend decides: never one's own, nor of somebody who may more.
  const within = ({ customRole, role }: Person) =>
    covers(user?.grants ?? {}, roles.find(({ key }) => key === (customRole?.id ?? role))?.grants ?? {});
  const mayDisable = (person: Person) =>
    may(user, 'person.manage') && person.id !== user?.id && within(person);
  const reference = t('problem.reference');
  const last = Math.max(1, Math.ceil(people.total / PAGE_SIZE));
  return (
    <AdminFrame part="people">
      <div className="grid items-start gap-8 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <section aria-label={t('admin.people')}>
          <form action={path} className="mb-4 flex flex-wrap items-end gap-3">
            <SearchField label={t('admin.search')} value={search} />
            <label className="grid gap-1 text-sm font-semibold">
              {t('admin.role')}
              <select
                name="role"
                defaultValue={role ?? ''}
                className={classes(inputStyle, 'h-10 font-normal')}
              >
                <option value="">{t('admin.allRoles')}</option>
                {roles.map((one) => (
                  <option key={one.key} value={one.key}>
                    {nameOf(one)}
                  </option>
                ))}
              </select>
            </label>
            <Button type="submit" variant="secondary">
              {t('admin.filter')}
            </Button>
          </form>
          {people.total === 0 ? (
            <EmptyState title={t('admin.noResult')} />
          ) : (
            <ul className="divide-y divide-line rounded-xl border border-line bg-surface">
              {people.items.map((person) => (
                <li
                  key={person.id}
                  className="grid items-center gap-x-6 gap-y-3 p-4 md:grid-cols-[minmax(12rem,1fr)_minmax(0,auto)]"
                >
                  <div className="min-w-0">
                    <p className="font-semibold">
                      {person.name}{' '}
                      {person.id === user?.id && (
                        <span className="font-normal text-ink-soft">({t('admin.you')})</span>
                      )}{' '}
                      <Badge tone={person.state === 'active' ? 'success' : 'warning'}>
                        {t(`admin.${person.state}`)}
                      </Badge>{' '}
                      {person.secondFactor && <Badge>{t('admin.secondFactorOn')}</Badge>}
                    </p>
                    <p className="text-sm wrap-anywhere text-ink-soft">{person.email}</p>
                    <p className="text-sm text-ink-soft">
                      {t('admin.lastSeen', {
                        when: person.lastSeenAt
                          ? formatInstant(locale, person.lastSeenAt)
                          : t('learners.never'),
                      })}
                    </p>
                  </div>
                  <div className="flex flex-wrap items-center gap-2">
                    <Form
                      id={`role-${person.id}`}
                      action={updatePerson}
                      referenceLabel={reference}
                      className="flex flex-wrap items-center gap-2"
                    >
                      <input type="hidden" name="userId" value={person.id} />
                      <label className="sr-only" htmlFor={`pick-${person.id}`}>
                        {t('admin.changeRole', { name: person.name })}
                      </label>
                      <select
                        id={`pick-${person.id}`}
                        name="role"
                        key={person.customRole?.id ?? person.role}
                        defaultValue={person.customRole?.id ?? person.role}
                        disabled={!may(user, 'role.assign') || !within(person)}
                        className={classes(inputStyle, 'h-9 w-auto text-sm')}
                      >
                        {roles.map((one) => (
                          <option key={one.key} value={one.key} disabled={!one.assignable}>
                            {nameOf(one)}
                          </option>
                        ))}
                      </select>
                      <label className="sr-only" htmlFor={`manager-${person.id}`}>
                        {t('admin.changeManager', { name: person.name })}
                      </label>
                      <select
                        id={`manager-${person.id}`}
                        name="managerId"
                        key={`manager-${person.manager?.id}`}
                        defaultValue={person.manager?.id ?? ''}
                        disabled={!may(user, 'person.manage')}
                        className={classes(inputStyle, 'h-9 w-auto max-w-44 text-sm')}
                      >
                        <option value="">{t('admin.noManager')}</option>
                        {[
                          ...managers.filter(({ id }) => id !== person.id && id !== person.manager?.id),
                          ...(person.manager ? [person.manager] : []),
                        ].map(({ id, name }) => (
                          <option key={id} value={id}>
                            {name}
                          </option>
                        ))}
                      </select>
                      {(may(user, 'role.assign') || may(user, 'person.manage')) && (
                        <SubmitButton variant="secondary" size="small">
                          {t('admin.apply')}
                        </SubmitButton>
                      )}
                    </Form>
                    {mayDisable(person) && (
                      <Form id={`state-${person.id}`} action={updatePerson} referenceLabel={reference}>
                        <input type="hidden" name="userId" value={person.id} />
                        <input
                          type="hidden"
                          name="state"
                          value={person.state === 'active' ? 'disabled' : 'active'}
                        />
                        <SubmitButton
                          variant="quiet"
                          size="small"
                          aria-label={t(person.state === 'active' ? 'admin.disableOf' : 'admin.enableOf', {
                            name: person.name,
                          })}
                        >
                          {t(person.state === 'active' ? 'admin.disable' : 'admin.enable')}
                        </SubmitButton>
                      </Form>
                    )}
                    {mayDisable(person) && (
                      <Form id={`sessions-${person.id}`} action={endSessions} referenceLabel={reference}>
                        <input type="hidden" name="userId" value={person.id} />
                        <input type="hidden" name="name" value={person.name} />
                        <ConfirmedSubmit
                          variant="quiet"
                          size="small"
                          aria-label={t('admin.endSessionsOf', { name: person.name })}
                          title={t('admin.endSessionsTitle', { name: person.name })}
                          lead={t('admin.endSessionsLead')}
                          confirm={t('admin.endSessions')}
                          cancel={t('admin.cancel')}
                        >
                          {t('admin.endSessions')}
                        </ConfirmedSubmit>
                      </Form>
                    )}
                    {mayDisable(person) && (
                      <Form id={`factors-${person.id}`} action={resetFactors} referenceLabel={reference}>
                        <input type="hidden" name="userId" value={person.id} />
                        <input type="hidden" name="next" value={href(page)} />
                        {person.secondFactor && (
                          <ConfirmedSubmit
                            variant="quiet"
                            size="small"
                            aria-label={t('admin.resetFactorsOf', { name: person.name })}
                            title={t('admin.resetFactorsOf', { name: person.name })}
                            lead={t('admin.resetFactorsLead')}
                            confirm={t('admin.resetFactors')}
                            cancel={t('admin.cancel')}
                          >
                            {t('admin.resetFactors')}
                          </ConfirmedSubmit>
                        )}
                      </Form>
                    )}
                  </div>
                </li>
              ))}
            </ul>
          )}
          <Pagination
            page={page}
            pageSize={PAGE_SIZE}
            total={people.total}
            href={href}
            label={t('studio.pages')}
            previous={t('studio.previous')}
            next={t('studio.next')}
            position={t('studio.position', { page, last })}
          />
        </section>
        <div className="space-y-8">
          {mayInvite && (
            <Card>
              <h2 className="text-xl">{t('admin.invite')}</h2>
              <p className="mt-1 mb-4 text-sm text-ink-soft">{t('admin.inviteLead')}</p>
              <Form
                id="invite"
                action={invitePeople}
                referenceLabel={reference}
                resetOnSuccess
                className="space-y-4"
              >
                <TextArea name="emails" label={t('admin.emails')} rows={3} required spellCheck={false} />
                <Select name="role" label={t('admin.role')} defaultValue="learner">
                  {roles
                    .filter(({ invitable }) => invitable)
                    .map((one) => (
                      <option key={one.key} value={one.key}>
                        {nameOf(one)}
                      </option>
                    ))}
                </Select>
                <SubmitButton>{t('admin.submit')}</SubmitButton>
              </Form>
            </Card>
          )}
          {invitations.items.length > 0 && (
            <section aria-labelledby="invitations">
              <h2 id="invitations" className="mb-3 text-xl">
                {t('admin.invitations')}
              </h2>
              <ul className="divide-y divide-line rounded-xl border border-line bg-surface">
                {invitations.items.map((invitation) => (
                  <li key={invitation.id} className="flex flex-wrap items-center justify-between gap-2 p-4">
                    <span className="min-w-0 text-sm">
                      <span className="block font-semibold break-all">{invitation.email}</span>
                      <span className="text-ink-soft">
                        {invitation.customRole?.name ?? t(`admin.roles.${invitation.role}`)} ·{' '}
                        {t('admin.expires', { date: formatDate(locale, invitation.expiresAt) })}
                      </span>
                    </span>
                    <Form id={`revoke-${invitation.id}`} action={revokeInvitation} referenceLabel={reference}>
                      <input type="hidden" name="invitationId" value={invitation.id} />
                      <SubmitButton
                        variant="quiet"
                        size="small"
                        aria-label={t('admin.revokeOf', { email: invitation.email })}
                      >
                        {t('admin.revoke')}
                      </SubmitButton>
                    </Form>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </div>
      </div>
    </AdminFrame>
  );
}
