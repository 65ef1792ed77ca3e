'use server';

import { roleKey } from '@preau/contract/tenant/roles';
import { secondFactorRule } from '@preau/contract/tenant/site';
import { refresh } from 'next/cache';
import { redirect } from 'next/navigation';
import type { FormState } from '@/components/ui/formState';
import { backend } from '@/server/backend';
import { submit, text } from '@/server/form';
import { confirmationFor, SECURITY } from '@/server/problem';
import { forgetSite } from '@/server/site';
import { visit } from '@/server/visit';

const roleOf = (form: FormData) => roleKey.safeParse(text(form, 'role')).data;
/** Nobody, where the form offers a manager and none is chosen. */
const managerOf = (form: FormData) => (form.has('managerId') ? text(form, 'managerId') || null : undefined);
const oneOf = <T extends string>(values: readonly T[], value: string) => values.find((one) => one === value);

export async function invitePeople(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call, t } = await visit();
    const emails = [
      ...new Set(
        text(form, 'emails')
          .split(/[\s,;]+/)
          .filter(Boolean),
      ),
    ];
    const { items } = await backend().invitePeople({
      ...call,
      body: { emails, role: roleOf(form) ?? 'learner' },
    });
    const known = items.filter(({ outcome }) => outcome === 'known').map(({ email }) => email);
    refresh();
    const invited = t('admin.invited', { count: items.length - known.length });
    return {
      notice: known.length > 0 ? `${invited}. ${t('admin.known', { emails: known.join(', ') })}` : invited,
    };
  });
}

export async function revokeInvitation(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call, t } = await visit();
    await backend().revokeInvitation({ ...call, params: { invitationId: text(form, 'invitationId') } });
    refresh();
    return { notice: t('admin.changed') };
  });
}

export async function updatePerson(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call, t } = await visit();
    await backend().updatePerson({
      ...call,
      params: { userId: text(form, 'userId') },
      body: {
        role: roleOf(form),
        managerId: managerOf(form),
        state: oneOf(['active', 'disabled'] as const, text(form, 'state')),
      },
    });
    refresh();
    return { notice: t('admin.changed') };
  });
}

export async function endSessions(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call, t } = await visit();
    await backend().endPersonSessions({ ...call, params: { userId: text(form, 'userId') } });
    return { notice: t('admin.sessionsEnded', { name: text(form, 'name') }) };
  });
}

/** Whoever takes another's factors away proves themselves first; the list that they came from waits for them. */
export async function resetFactors(_: FormState, form: FormData): Promise<FormState> {
  const state = await submit(form, async () => {
    const { call, t } = await visit();
    const { name } = await backend().resetPersonFactors({
      ...call,
      params: { userId: text(form, 'userId') },
    });
    refresh();
    return { notice: t('admin.factorsReset', { name }) };
  });
  if (state.problem?.name === 'confirmation-needed') redirect(confirmationFor(text(form, 'next')));
  return state;
}

export async function saveSettings(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call, t } = await visit();
    const logo = form.get('logo');
    let logoAssetId: string | null | undefined;
    if (logo instanceof File && logo.size > 0) {
      const asset = await backend().uploadAsset({
        ...call,
        query: { alt: text(form, 'name') },
        body: new Uint8Array(await logo.arrayBuffer()),
        contentType: logo.type,
        fileName: logo.name,
      });
      logoAssetId = asset.id;
    } else if (form.has('removeLogo')) logoAssetId = null;
    await backend().updateSettings({
      ...call,
      body: {
        name: text(form, 'name'),
        locale: oneOf(['fr', 'en'] as const, text(form, 'locale')),
        colour: text(form, 'colour'),
        radius: Number(text(form, 'radius')),
        catalogue: oneOf(['public', 'private'] as const, text(form, 'catalogue')),
        registration: oneOf(['open', 'invitation'] as const, text(form, 'registration')),
        certificateWording: text(form, 'certificateWording'),
        certificateSignatory: text(form, 'certificateSignatory'),
        ...(logoAssetId === undefined ? {} : { logoAssetId }),
      },
    });
    forgetSite();
    refresh();
    return { notice: t('admin.saved') };
  });
}

/** Of whom a second factor is asked. Whoever asks proves themselves first, and has one. */
export async function saveSecondFactor(_: FormState, form: FormData): Promise<FormState> {
  const state = await submit(form, async () => {
    const { call, t } = await visit();
    await backend().askForSecondFactor({
      ...call,
      body: {
        rule: secondFactorRule.parse(text(form, 'rule')),
        graceDays: Number(text(form, 'graceDays')),
      },
    });
    refresh();
    return { notice: t('admin.saved') };
  });
  const { name } = state.problem ?? {};
  if (name === 'confirmation-needed') redirect(confirmationFor('/admin/settings'));
  if (name === 'second-factor-needed') redirect(SECURITY);
  return state;
}

export async function deleteUnusedFiles(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call, t } = await visit();
    await backend().deleteUnusedFiles(call);
    refresh();
    return { notice: t('storage.unusedDeleted') };
  });
}
