'use server';

import { type PasskeyRequest, passkeyAssertion } from '@preau/contract/authentication';
import { redirect } from 'next/navigation';
import type { FormState } from '@/components/ui/formState';
import { backend } from '@/server/backend';
import { submit, text } from '@/server/form';
import { keepSession, leaveSecondStep, safeNext, secondStep } from '@/server/session';
import { visit } from '@/server/visit';

type Question = { options: PasskeyRequest } | FormState;

async function ask(challenge: string | null): Promise<Question> {
  let options: PasskeyRequest | undefined;
  const state = await submit(new FormData(), async () => {
    const { call } = await visit();
    options = await backend().beginPasskeySignIn({ ...call, body: { challenge } });
    return {};
  });
  return options ? { options } : state;
}

async function answer(assertion: string, challenge: string | null, next: string): Promise<FormState> {
  return submit(new FormData(), async () => {
    const { call, t } = await visit();
    const given = readAssertion(assertion);
    if (!given)
      return { problem: { detail: t('signIn.passkeyFailed'), reference: '', name: 'passkey-refused' } };
    await keepSession(await backend().signInByPasskey({ ...call, body: { challenge, assertion: given } }));
    await leaveSecondStep();
    redirect(safeNext(next));
  });
}

function readAssertion(json: string) {
  try {
    return passkeyAssertion.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

/** For a passkey that says itself who it is. */
export async function beginPasskey(): Promise<Question> {
  return ask(null);
}

export async function enterByPasskey(assertion: string, next: string): Promise<FormState> {
  return answer(assertion, null, next);
}

/** For a passkey after the first factor. */
export async function beginSecondPasskey(): Promise<Question> {
  const step = await secondStep();
  return step ? ask(step.challenge) : over();
}

export async function confirmByPasskey(assertion: string): Promise<FormState> {
  const step = await secondStep();
  return step ? answer(assertion, step.challenge, step.next) : over();
}

export async function confirmByCode(_: FormState, form: FormData): Promise<FormState> {
  const step = await secondStep();
  if (!step) return over();
  const state = await submit(form, async () => {
    const { call } = await visit();
    const code = text(form, 'code').replace(/(?<=\d)\s(?=\d)/g, '');
    const body = { challenge: step.challenge, code };
    await keepSession(await backend().confirmSignIn({ ...call, body }));
    await leaveSecondStep();
    redirect(safeNext(step.next));
  });
  if (state.problem?.name === 'token-invalid') return over();
  const { name, detail = '' } = state.problem ?? {};
  return name === 'wrong-code' ? { ...state, errors: { code: detail } } : state;
}

async function over(): Promise<FormState> {
  const { t } = await visit();
  return { problem: { detail: t('signIn.secondOver'), reference: '', name: 'token-invalid' } };
}
