'use server';

import {
  type PasskeyCreation,
  type PasskeyRequest,
  passkeyAssertion,
  passkeyAttestation,
} from '@preau/contract/authentication';
import type { CallOptions } from '@preau/contract/client';
import { refresh } from 'next/cache';
import { redirect } from 'next/navigation';
import { toDataURL } from 'qrcode';
import type { FormState } from '@/components/ui/formState';
import type { Translate } from '@/i18n/translate';
import { backend } from '@/server/backend';
import { submit, text } from '@/server/form';
import { forgetPerson } from '@/server/person';
import { confirmationFor, SECURITY } from '@/server/problem';
import { keepToken, safeNext } from '@/server/session';
import { visit } from '@/server/visit';

/** What an action of the page answers; recovery codes are shown once, never again. */
export interface SecurityState extends FormState {
  codes?: string[];
}

/** Runs a change; where it is to be confirmed first who it is, that page comes before. */
async function change(
  form: FormData,
  run: (given: { call: CallOptions; t: Translate }) => Promise<SecurityState>,
): Promise<SecurityState> {
  let codes: string[] | undefined;
  const state = await submit(form, async () => {
    const { call, t } = await visit();
    const { codes: drawn, ...done } = await run({ call, t });
    codes = drawn;
    if (call.session) forgetPerson(call.session);
    refresh();
    return done;
  });
  if (state.problem?.name === 'confirmation-needed') redirect(confirmationFor(SECURITY));
  return codes ? { ...state, codes } : state;
}

/** Back to where somebody was; what they had typed there waits for them (components/ui/typed). */
function confirmed(next: string): string {
  const path = safeNext(next);
  return `${path}${path.includes('?') ? '&' : '?'}confirmed`;
}

function readJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

export type PasskeyOffer = { options: PasskeyCreation } | FormState;

export async function beginPasskey(): Promise<PasskeyOffer> {
  let options: PasskeyCreation | undefined;
  const state = await submit(new FormData(), async () => {
    const { call } = await visit();
    options = await backend().beginMyPasskey(call);
    return {};
  });
  if (state.problem?.name === 'confirmation-needed') redirect(confirmationFor(SECURITY));
  return options ? { options } : state;
}

export async function addPasskey(name: string, answer: string): Promise<SecurityState> {
  return change(new FormData(), async ({ call, t }) => {
    const attestation = passkeyAttestation.parse(readJson(answer));
    const label = name.trim() || t('security.passkeyDefault');
    const added = await backend().addMyPasskey({ ...call, body: { name: label, attestation } });
    await keepToken(added.session);
    return { notice: t('security.passkeyAdded', { name: label }), codes: added.recoveryCodes ?? undefined };
  });
}

export async function renamePasskey(_: SecurityState, form: FormData): Promise<SecurityState> {
  return change(form, async ({ call, t }) => {
    const name = text(form, 'name');
    await backend().renameMyPasskey({
      ...call,
      params: { passkeyId: text(form, 'passkeyId') },
      body: { name },
    });
    return { notice: t('security.renamed', { name }) };
  });
}

export async function removePasskey(_: SecurityState, form: FormData): Promise<SecurityState> {
  return change(form, async ({ call, t }) => {
    const params = { passkeyId: text(form, 'passkeyId') };
    await keepToken(await backend().removeMyPasskey({ ...call, params }));
    return { notice: t('security.removed') };
  });
}

export type AppOffer = { secret: string; uri: string; qr: string } | FormState;

export async function beginApp(): Promise<AppOffer> {
  let offer: AppOffer | undefined;
  const state = await submit(new FormData(), async () => {
    const { call } = await visit();
    const { secret, uri } = await backend().beginMyTotp(call);
    offer = { secret, uri, qr: await toDataURL(uri, { margin: 2, errorCorrectionLevel: 'M' }) };
    return {};
  });
  if (state.problem?.name === 'confirmation-needed') redirect(confirmationFor(SECURITY));
  return offer ?? state;
}

export async function addApp(typed: string): Promise<SecurityState> {
  return change(new FormData(), async ({ call, t }) => {
    const code = typed.replace(/\s/g, '');
    const added = await backend().confirmMyTotp({ ...call, body: { code } });
    await keepToken(added.session);
    return { notice: t('security.appAdded'), codes: added.recoveryCodes ?? undefined };
  });
}

export async function removeApp(_: SecurityState, form: FormData): Promise<SecurityState> {
  return change(form, async ({ call, t }) => {
    await keepToken(await backend().removeMyTotp(call));
    return { notice: t('security.removed') };
  });
}

export async function drawCodes(): Promise<SecurityState> {
  return change(new FormData(), async ({ call, t }) => {
    const { recoveryCodes } = await backend().drawMyRecoveryCodes(call);
    return { notice: t('security.codesDrawn'), codes: recoveryCodes };
  });
}

export async function endSession(_: SecurityState, form: FormData): Promise<SecurityState> {
  return change(form, async ({ call, t }) => {
    await backend().endMySession({ ...call, params: { sessionId: text(form, 'sessionId') } });
    return { notice: t('security.sessionEnded') };
  });
}

export async function endOthers(_: SecurityState, form: FormData): Promise<SecurityState> {
  return change(form, async ({ call, t }) => {
    await backend().endMyOtherSessions(call);
    return { notice: t('security.sessionsEnded') };
  });
}

export async function beginConfirmation(): Promise<{ options: PasskeyRequest } | FormState> {
  let options: PasskeyRequest | undefined;
  const state = await submit(new FormData(), async () => {
    const { call } = await visit();
    options = await backend().beginMyConfirmation(call);
    return {};
  });
  return options ? { options } : state;
}

export async function confirmByPasskey(answer: string, next: string): Promise<FormState> {
  return submit(new FormData(), async () => {
    const { call } = await visit();
    const assertion = passkeyAssertion.parse(readJson(answer));
    await backend().confirmMe({ ...call, body: { assertion } });
    redirect(confirmed(next));
  });
}

export async function confirm(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call } = await visit();
    const password = text(form, 'password') || null;
    const code = text(form, 'code').replace(/(?<=\d)\s(?=\d)/g, '') || null;
    await backend().confirmMe({ ...call, body: { password, code } });
    redirect(confirmed(text(form, 'next')));
  });
}
