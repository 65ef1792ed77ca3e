import { permissions } from '@preau/contract/permission';
import { AdminFrame } from '@/administration/AdminFrame';
import { deleteRole, saveRole } from '@/administration/roleActions';
import { type Area, areas, reachesOf, reachIn } from '@/administration/roles';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { Card } from '@/components/ui/Card';
import { Field, Select, TextArea } from '@/components/ui/Field';
import { Form } from '@/components/ui/Form';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { Icon } from '@/html/Icon';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { single } from '@/server/query';
import { administratorVisit } from '@/studio/author';

/** A role of the platform's own, or a new one that begins as a copy of `template`. */
export default async function RolePage({ params, searchParams }: PageProps<'/admin/roles/[roleKey]'>) {
  const { roleKey } = await params;
  const path = `/admin/roles/${roleKey}`;
  const { t, call } = await administratorVisit(path, 'role.write');
  const fresh = roleKey === 'new';
  const template = fresh ? single((await searchParams).template) : roleKey;
  const { data, problem } = await load(path, backend().listRoles(call));
  if (problem) {
    return (
      <AdminFrame part="roles">
        <ProblemPage problem={problem} />
      </AdminFrame>
    );
  }
  const role = data.items.find(({ key }) => key === template);
  const writable = fresh || role?.writable === true;
  const reference = t('problem.reference');
  return (
    <AdminFrame part="roles">
      <p className="mb-4 text-sm">
        <a className="link inline-flex items-center gap-1" href="/admin/roles">
          <Icon name="arrow-left" /> {t('roles.back')}
        </a>
      </p>
      {!writable ? (
        <p>{t('roles.locked')}</p>
      ) : (
        <div className="grid items-start gap-8 xl:grid-cols-[minmax(0,1fr)_22rem]">
          <Form id="role" action={saveRole} referenceLabel={reference} className="space-y-6">
            <input type="hidden" name="roleId" value={fresh ? '' : roleKey} />
            <Field
              name="name"
              label={t('roles.name')}
              required
              maxLength={60}
              defaultValue={fresh ? '' : role?.name}
              autoComplete="off"
            />
            <TextArea
              name="description"
              label={t('roles.description')}
              optional={t('roles.optional')}
              rows={2}
              maxLength={300}
              defaultValue={fresh ? '' : role?.description}
            />
            <div>
              <h2 className="text-xl">{t('roles.permissions')}</h2>
              <p className="mt-1 text-sm text-ink-soft">{t('roles.completedHint')}</p>
            </div>
            {(Object.keys(areas) as Area[]).map((area) => (
              <fieldset key={area} className="space-y-4 rounded-xl border border-line bg-surface p-5">
                <legend className="px-2 font-semibold">{t(`roles.areas.${area}`)}</legend>
                {areas[area].map((name) => (
                  <Select
                    key={name}
                    name={name}
                    label={t(`roles.permission.${name}`)}
                    defaultValue={reachIn(role?.grants ?? {}, name)}
                  >
                    {reachesOf(permissions[name]).map((reach) => (
                      <option key={reach} value={reach}>
                        {t(
                          reach === 'all' && permissions[name].length === 1
                            ? 'roles.reach.yes'
                            : `roles.reach.${reach}`,
                        )}
                      </option>
                    ))}
                  </Select>
                ))}
              </fieldset>
            ))}
            <SubmitButton>{t(fresh ? 'roles.create' : 'roles.save')}</SubmitButton>
          </Form>
          {!fresh && (
            <Card>
              <h2 className="text-xl">{t('roles.delete')}</h2>
              <p className="mt-1 mb-4 text-sm text-ink-soft">{t('roles.deleteLead')}</p>
              <Form id="delete-role" action={deleteRole} referenceLabel={reference} className="space-y-4">
                <input type="hidden" name="roleId" value={roleKey} />
                <Select name="replacement" label={t('roles.replacement')} defaultValue="learner">
                  {data.items
                    .filter(({ key, assignable }) => key !== roleKey && assignable)
                    .map((each) => (
                      <option key={each.key} value={each.key}>
                        {each.builtIn ? t(`admin.roles.${each.builtIn}`) : each.name}
                      </option>
                    ))}
                </Select>
                <SubmitButton variant="secondary">{t('roles.delete')}</SubmitButton>
              </Form>
            </Card>
          )}
        </div>
      )}
    </AdminFrame>
  );
}
