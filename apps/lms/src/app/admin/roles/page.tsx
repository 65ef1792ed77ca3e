import { type Permission, permissions } from '@preau/contract/permission';
import type { RoleEntry } from '@preau/contract/tenant/roles';
import { AdminFrame } from '@/administration/AdminFrame';
import { neededFor } from '@/administration/parts';
import { reachIn } from '@/administration/roles';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { Badge } from '@/components/ui/Badge';
import { Button, ButtonLink } from '@/components/ui/Button';
import { classes } from '@/components/ui/classes';
import { inputStyle } from '@/components/ui/inputStyle';
import type { Translate } from '@/i18n/translate';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { administratorVisit } from '@/studio/author';

export default async function RolesPage() {
  const path = '/admin/roles';
  const { t, call } = await administratorVisit(path, neededFor('roles'));
  const { data, problem } = await load(path, backend().listRoles(call));
  if (problem) {
    return (
      <AdminFrame part="roles">
        <ProblemPage problem={problem} />
      </AdminFrame>
    );
  }
  return (
    <AdminFrame part="roles">
      <div className="mb-8 flex flex-wrap items-end justify-between gap-5">
        <p className="max-w-prose text-ink-soft">{t('roles.lead')}</p>
        <form action={`${path}/new`} className="flex flex-wrap items-end gap-3">
          <label className="grid gap-1 text-sm font-semibold">
            {t('roles.template')}
            <select name="template" className={classes(inputStyle, 'h-10 font-normal')}>
              {data.items.map((role) => (
                <option key={role.key} value={role.key}>
                  {nameOf(t, role)}
                </option>
              ))}
            </select>
          </label>
          <Button type="submit">{t('roles.new')}</Button>
        </form>
      </div>
      <ul className="grid items-start gap-4 lg:grid-cols-2">
        {data.items.map((role) => (
          <li key={role.key} className="rounded-xl border border-line bg-surface p-5">
            <div className="flex flex-wrap items-start justify-between gap-3">
              <div className="min-w-0">
                <h2 className="text-xl break-words">{nameOf(t, role)}</h2>
                <p className="mt-1 flex flex-wrap items-center gap-2 text-sm text-ink-soft">
                  {role.builtIn && <Badge tone="neutral">{t('roles.builtIn')}</Badge>}
                  {t('roles.people', { count: role.people })}
                </p>
              </div>
              {role.writable && (
                <ButtonLink
                  variant="secondary"
                  size="small"
                  href={`${path}/${role.key}`}
                  aria-label={t('roles.editOf', { name: role.name })}
                >
                  {t('roles.edit')}
                </ButtonLink>
              )}
            </div>
            {role.description && <p className="mt-3">{role.description}</p>}
            <Allowed t={t} role={role} />
          </li>
        ))}
      </ul>
    </AdminFrame>
  );
}

/** What a role allows, in plain words. */
function Allowed({ t, role }: { t: Translate; role: RoleEntry }) {
  const names = Object.keys(role.grants) as Permission[];
  if (names.length === 0) return <p className="mt-3 text-sm text-ink-soft">{t('roles.nothing')}</p>;
  return (
    <ul className="mt-3 list-disc space-y-1 ps-5 text-sm">
      {names.map((name) => (
        <li key={name}>
          {t(`roles.permission.${name}`)}
          {permissions[name].length > 1 && (
            <span className="text-ink-soft"> · {t(`roles.reach.${reachIn(role.grants, name)}`)}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

const nameOf = (t: Translate, { builtIn, name }: RoleEntry) => (builtIn ? t(`admin.roles.${builtIn}`) : name);
