'use server';

import { type Grants, permission } from '@preau/contract/permission';
import { roleKey } from '@preau/contract/tenant/roles';
import { refresh } from 'next/cache';
import { redirect } from 'next/navigation';
import type { FormState } from '@/components/ui/formState';
import { backend } from '@/server/backend';
import { submit, text } from '@/server/form';
import { visit } from '@/server/visit';
import { scopesOf } from './roles';

const grantsOf = (form: FormData): Grants =>
  Object.fromEntries(
    permission.options.flatMap((name) => {
      const scopes = scopesOf(text(form, name));
      return scopes.length > 0 ? [[name, scopes]] : [];
    }),
  );

/** Makes a role, or changes the one that the form names. */
export async function saveRole(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call, t } = await visit();
    const body = { name: text(form, 'name'), description: text(form, 'description'), grants: grantsOf(form) };
    const roleId = text(form, 'roleId');
    if (roleId === '') {
      await backend().createRole({ ...call, body });
      redirect('/admin/roles');
    }
    await backend().updateRole({ ...call, params: { roleId }, body });
    refresh();
    return { notice: t('roles.saved') };
  });
}

export async function deleteRole(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call } = await visit();
    await backend().deleteRole({
      ...call,
      params: { roleId: text(form, 'roleId') },
      query: { replacement: roleKey.parse(text(form, 'replacement')) },
    });
    redirect('/admin/roles');
  });
}
