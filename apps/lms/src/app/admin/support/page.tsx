import { type SupportAccess, supportScope } from '@preau/contract/tenant/support';
import { AdminFrame } from '@/administration/AdminFrame';
import { scopeOf } from '@/administration/story';
import { answerSupport, grantSupport, revokeSupport } from '@/administration/supportActions';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { Badge } from '@/components/ui/Badge';
import { Card } from '@/components/ui/Card';
import { Checkbox } from '@/components/ui/Checkbox';
import { Select, TextArea } from '@/components/ui/Field';
import { Form } from '@/components/ui/Form';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { formatInstant } from '@/i18n/format';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import type { Visit } from '@/server/visit';
import { administratorVisit } from '@/studio/author';

const PATH = '/admin/support';
const durations = [3, 8, 24, 72, 168];
const tones = {
  pending: 'warning',
  active: 'success',
  refused: 'neutral',
  expired: 'neutral',
  revoked: 'neutral',
} as const;

export default async function SupportPage() {
  const visit = await administratorVisit(PATH, 'support.grant');
  const { t, call } = visit;
  const { data, problem } = await load(PATH, backend().listSupportAccesses(call));
  if (problem) {
    return (
      <AdminFrame part="support">
        <ProblemPage problem={problem} />
      </AdminFrame>
    );
  }
  const reference = t('problem.reference');
  const inState = (state: SupportAccess['state']) => data.items.filter((access) => access.state === state);
  const active = inState('active');
  const past = data.items.filter(({ state }) => state !== 'pending' && state !== 'active');
  return (
    <AdminFrame part="support">
      <p className="-mt-3 mb-6 max-w-3xl text-ink-soft">{t('support.lead')}</p>
      <div className="grid items-start gap-8 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="space-y-8">
          {inState('pending').map((access) => (
            <Card key={access.id} className="border-warning-line">
              <h2 className="text-xl">{t('support.pending')}</h2>
              <p className="mt-2">
                {t('support.asks', {
                  name: access.requestedBy ?? '',
                  hours: access.hours,
                  scope: scopeOf(visit, access.scope),
                })}
              </p>
              <p className="mt-1 mb-5 break-words text-ink-soft italic">
                <q>{access.reason}</q>
              </p>
              <Form
                id={`answer-${access.id}`}
                action={answerSupport}
                referenceLabel={reference}
                className="space-y-5"
              >
                <input type="hidden" name="accessId" value={access.id} />
                <Terms visit={visit} access={access} />
                <div className="flex flex-wrap gap-3">
                  <SubmitButton name="decision" value="grant">
                    {t('support.grant')}
                  </SubmitButton>
                  <SubmitButton name="decision" value="refuse" variant="secondary">
                    {t('support.refuse')}
                  </SubmitButton>
                </div>
              </Form>
            </Card>
          ))}
          <section aria-labelledby="active">
            <h2 id="active" className="mb-3 text-xl">
              {t('support.active')}
            </h2>
            {active.length === 0 ? (
              <p className="text-ink-soft">{t('support.noneActive')}</p>
            ) : (
              <ul className="space-y-3">
                {active.map((access) => (
                  <li
                    key={access.id}
                    className="grid gap-4 rounded-xl border border-line bg-surface p-4 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-center"
                  >
                    <Access visit={visit} access={access} />
                    <Form id={`revoke-${access.id}`} action={revokeSupport} referenceLabel={reference}>
                      <input type="hidden" name="accessId" value={access.id} />
                      <SubmitButton variant="danger">{t('support.revoke')}</SubmitButton>
                    </Form>
                  </li>
                ))}
              </ul>
            )}
          </section>
          {past.length > 0 && (
            <section aria-labelledby="past">
              <h2 id="past" className="mb-3 text-xl">
                {t('support.past')}
              </h2>
              <ul className="divide-y divide-line rounded-xl border border-line bg-surface">
                {past.map((access) => (
                  <li key={access.id} className="p-4">
                    <Access visit={visit} access={access} />
                  </li>
                ))}
              </ul>
            </section>
          )}
        </div>
        <Card>
          <h2 className="text-xl">{t('support.give')}</h2>
          <p className="mt-1 mb-4 text-sm text-ink-soft">{t('support.giveLead')}</p>
          <Form
            id="grant"
            action={grantSupport}
            referenceLabel={reference}
            resetOnSuccess
            className="space-y-5"
          >
            <Terms visit={visit} />
            <TextArea name="reason" label={t('support.giveReason')} rows={3} maxLength={1000} required />
            <SubmitButton>{t('support.give')}</SubmitButton>
          </Form>
        </Card>
      </div>
    </AdminFrame>
  );
}

/** What is granted, and for how long; beginning with what was asked for. */
function Terms({ visit, access }: { visit: Visit; access?: SupportAccess }) {
  const { t } = visit;
  const hours = access ? [...new Set([access.hours, ...durations])].sort((a, b) => a - b) : durations;
  return (
    <>
      <Select name="scope" label={t('support.scope')} defaultValue={access?.scope ?? 'settings'}>
        {supportScope.options.map((scope) => (
          <option key={scope} value={scope}>
            {scopeOf(visit, scope)}
          </option>
        ))}
      </Select>
      <Select name="hours" label={t('support.hours')} defaultValue={access?.hours ?? 24}>
        {hours.map((one) => (
          <option key={one} value={one}>
            {t('support.hoursOf', { hours: one })}
          </option>
        ))}
      </Select>
      <Checkbox name="exports" label={t('support.exports')} defaultChecked={access?.exports} />
    </>
  );
}

function Access({ visit, access }: { visit: Visit; access: SupportAccess }) {
  const { t, locale } = visit;
  const { state, requestedBy, decidedBy, expiresAt, revokedAt, revokedBy } = access;
  const when = (instant: string | null) => (instant ? formatInstant(locale, instant) : '–');
  const story = [
    requestedBy && t('support.askedBy', { name: requestedBy }),
    decidedBy && t(state === 'refused' ? 'support.refusedBy' : 'support.by', { name: decidedBy }),
    state === 'active' && t('support.until', { date: when(expiresAt) }),
    state === 'expired' && t('support.expiredAt', { date: when(expiresAt) }),
    state === 'revoked' && t('support.revokedBy', { name: revokedBy ?? '–', date: when(revokedAt) }),
    access.exports && state !== 'refused' && t('support.exportsAllowed'),
  ].filter(Boolean);
  return (
    <div className="min-w-0">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-semibold first-letter:uppercase">{scopeOf(visit, access.scope)}</span>
        <Badge tone={tones[state]}>{t(`support.states.${state}`)}</Badge>
      </p>
      <p className="break-words text-ink-soft italic">
        <q>{access.reason}</q>
      </p>
      <p className="text-sm text-ink-soft">{story.join(' · ')}</p>
      {state !== 'refused' && (
        <p className="mt-1 text-sm">
          {t('support.uses', { count: access.uses })}
          {access.uses > 0 && (
            <>
              {' · '}
              <a className="link" href={`/admin/journal?access=${access.id}`}>
                {t('support.seeLog')}
              </a>
            </>
          )}
        </p>
      )}
    </div>
  );
}
