import { ApiProblem, type Client } from '@preau/contract';
import { passkeyAttestation } from '@preau/contract/authentication';
import { fail, type RequestEvent, redirect } from '@sveltejs/kit';
import { toString as drawQr } from 'qrcode';
import * as m from '#lib/paraglide/messages.js';
import { localizeHref } from '#lib/paraglide/runtime.js';
import { nothingRefused, readFields, refusalOf, refuse } from './form.ts';
import { safeNext } from './next.ts';
import { readAssertion } from './secondFactor.ts';
import { writeSession, writeStaffSession } from './session.ts';

/** The security page of one kind of people: the same page over the operations of theirs. */
export interface SecurityRoom {
  /** Where the page is, without language. */
  path: string;
  /** Where to go after a confirmation that came from nowhere. */
  home: string;
  /** Refuses whoever is not signed in. */
  guard(event: RequestEvent): Promise<unknown>;
  api(locals: App.Locals): {
    read: Client['getAccountSecurity'];
    beginConfirmation: Client['beginAccountConfirmation'];
    confirm: Client['confirmAccount'];
    changePassword: Client['changeAccountPassword'];
    beginTotp: Client['beginAccountTotp'];
    confirmTotp: Client['confirmAccountTotp'];
    removeTotp: Client['removeAccountTotp'];
    beginPasskey: Client['beginAccountPasskey'];
    addPasskey: Client['addAccountPasskey'];
    renamePasskey: Client['renameAccountPasskey'];
    removePasskey: Client['removeAccountPasskey'];
    drawRecoveryCodes: Client['drawAccountRecoveryCodes'];
    endSession: Client['endAccountSession'];
    endOtherSessions: Client['endOtherAccountSessions'];
  };
  write(event: RequestEvent, session: { token: string; expiresAt: string; device: string }): void;
}

export const ofAccounts = (guard: SecurityRoom['guard']): SecurityRoom => ({
  path: '/account/security',
  home: '/account',
  guard,
  api: ({ api }) => ({
    read: api.getAccountSecurity,
    beginConfirmation: api.beginAccountConfirmation,
    confirm: api.confirmAccount,
    changePassword: api.changeAccountPassword,
    beginTotp: api.beginAccountTotp,
    confirmTotp: api.confirmAccountTotp,
    removeTotp: api.removeAccountTotp,
    beginPasskey: api.beginAccountPasskey,
    addPasskey: api.addAccountPasskey,
    renamePasskey: api.renameAccountPasskey,
    removePasskey: api.removeAccountPasskey,
    drawRecoveryCodes: api.drawAccountRecoveryCodes,
    endSession: api.endAccountSession,
    endOtherSessions: api.endOtherAccountSessions,
  }),
  write({ cookies, locals }, session) {
    writeSession(cookies, session);
    locals.session = session.token;
  },
});

export const ofStaff = (guard: SecurityRoom['guard']): SecurityRoom => ({
  path: '/admin/security',
  home: '/admin',
  guard,
  api: ({ staffApi }) => ({
    read: staffApi.getStaffSecurity,
    beginConfirmation: staffApi.beginStaffConfirmation,
    confirm: staffApi.confirmStaff,
    changePassword: staffApi.changeStaffPassword,
    beginTotp: staffApi.beginStaffTotp,
    confirmTotp: staffApi.confirmStaffTotp,
    removeTotp: staffApi.removeStaffTotp,
    beginPasskey: staffApi.beginStaffPasskey,
    addPasskey: staffApi.addStaffPasskey,
    renamePasskey: staffApi.renameStaffPasskey,
    removePasskey: staffApi.removeStaffPasskey,
    drawRecoveryCodes: staffApi.drawStaffRecoveryCodes,
    endSession: staffApi.endStaffSession,
    endOtherSessions: staffApi.endOtherStaffSessions,
  }),
  write({ cookies, locals }, session) {
    writeStaffSession(cookies, session);
    locals.staffSession = session.token;
  },
});

const SECRET = /^[A-Z2-7]{16,128}$/;

/** The secret of an `otpauth:` address, as a picture and as text; null for anything else. */
export async function drawEnrolment(uri: string) {
  const secret = URL.canParse(uri) ? (new URL(uri).searchParams.get('secret') ?? '') : '';
  if (!uri.startsWith('otpauth://totp/') || !SECRET.test(secret)) return null;
  return { uri, secret, qr: await drawQr(uri, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' }) };
}

/** What a browser's new passkey answered, out of a form's field; undefined where it is no such thing. */
export function readAttestation(text: string) {
  try {
    return passkeyAttestation.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

type Values = { form: string };
const valuesOf = (form: string): Values => ({ form });
/** What every action of the page may answer; what it does not is empty. */
const answered = (
  form: string,
  given: {
    done?: string;
    codes?: string[] | null;
    enrolment?: Awaited<ReturnType<typeof drawEnrolment>>;
  },
) => ({ ...nothingRefused(valuesOf(form)), done: '', codes: null, enrolment: null, ...given });

export function securityLoad(room: SecurityRoom) {
  return async (event: RequestEvent) => {
    await room.guard(event);
    return {
      security: await room.api(event.locals).read(),
      needed: event.url.searchParams.has('needed'),
    };
  };
}

export function securityActions(room: SecurityRoom) {
  /** Guards, and turns a refusal into what the form shows. */
  const action =
    <T>(form: string, work: (event: RequestEvent, api: ReturnType<SecurityRoom['api']>) => Promise<T>) =>
    async (event: RequestEvent) => {
      await room.guard(event);
      try {
        return await work(event, room.api(event.locals));
      } catch (error) {
        if (error instanceof ApiProblem && error.is('wrong-code'))
          return refuse(valuesOf(form), { code: error.problem.detail });
        if (error instanceof ApiProblem && error.is('password-too-weak'))
          return refuse(valuesOf(form), { next: error.problem.detail });
        return refusalOf(error, valuesOf(form));
      }
    };
  return {
    beginTotp: action('totp', async (_, api) => {
      const { uri } = await api.beginTotp();
      return answered('totp', { enrolment: await drawEnrolment(uri) });
    }),
    confirmTotp: async (event: RequestEvent) => {
      await room.guard(event);
      const { uri, code } = await readFields(event.request, ['uri', 'code']);
      const again = async (message: string) =>
        fail(422, {
          ...answered('totp', { enrolment: await drawEnrolment(uri) }),
          message: m.form_check_fields(),
          errors: { code: message } as Record<string, string>,
        });
      const digits = code.replace(/\s/g, '');
      if (!/^\d{6}$/.test(digits)) return again(m.admin_code_form());
      try {
        const added = await room.api(event.locals).confirmTotp({ body: { code: digits } });
        room.write(event, added.session);
        return answered('totp', { done: m.security_totp_added(), codes: added.recoveryCodes });
      } catch (error) {
        if (error instanceof ApiProblem && error.is('wrong-code', 'too-many-attempts'))
          return again(error.problem.detail);
        return refusalOf(error, valuesOf('totp'));
      }
    },
    removeTotp: action('totp', async (event, api) => {
      room.write(event, await api.removeTotp());
      return answered('totp', { done: m.security_totp_removed() });
    }),
    addPasskey: action('passkey', async (event, api) => {
      const typed = await readFields(event.request, ['name', 'attestation']);
      const name = typed.name.trim();
      if (!name) return refuse(valuesOf('passkey'), { name: m.required_field() });
      const attestation = readAttestation(typed.attestation);
      if (!attestation) return refuse(valuesOf('passkey'), {}, m.security_passkey_needs_script());
      const added = await api.addPasskey({ body: { name, attestation } });
      room.write(event, added.session);
      return answered('passkey', { done: m.security_passkey_added({ name }), codes: added.recoveryCodes });
    }),
    renamePasskey: action('passkey', async (event, api) => {
      const { passkeyId, name } = await readFields(event.request, ['passkeyId', 'name']);
      if (!name.trim()) return refuse(valuesOf('rename'), { name: m.required_field() });
      await api.renamePasskey({ params: { passkeyId }, body: { name } });
      return answered('passkey', { done: m.portal_saved() });
    }),
    removePasskey: action('passkey', async (event, api) => {
      const { passkeyId } = await readFields(event.request, ['passkeyId']);
      room.write(event, await api.removePasskey({ params: { passkeyId } }));
      return answered('passkey', { done: m.security_passkey_removed() });
    }),
    drawCodes: action('codes', async (_, api) => {
      const { recoveryCodes } = await api.drawRecoveryCodes();
      return answered('codes', { done: m.security_codes_drawn(), codes: recoveryCodes });
    }),
    password: async (event: RequestEvent) => {
      await room.guard(event);
      const { current, next } = await readFields(event.request, ['current', 'next']);
      const values = valuesOf('password');
      if (!current || !next)
        return refuse(values, {
          ...(current ? {} : { current: m.required_field() }),
          ...(next ? {} : { next: m.required_field() }),
        });
      try {
        room.write(event, await room.api(event.locals).changePassword({ body: { current, next } }));
      } catch (error) {
        if (error instanceof ApiProblem && error.is('wrong-credentials'))
          return refuse(values, { current: m.portal_profile_wrong_password() });
        if (error instanceof ApiProblem && error.is('password-too-weak'))
          return refuse(values, { next: error.problem.detail });
        return refusalOf(error, values);
      }
      return answered('password', { done: m.portal_profile_password_saved() });
    },
    endSession: action('sessions', async (event, api) => {
      const { sessionId } = await readFields(event.request, ['sessionId']);
      await api.endSession({ params: { sessionId } });
      return answered('sessions', { done: m.security_session_ended() });
    }),
    endOthers: action('sessions', async (_, api) => {
      await api.endOtherSessions();
      return answered('sessions', { done: m.security_sessions_ended() });
    }),
  };
}

/** The page that asks again who it is. */
export function confirmLoad(room: SecurityRoom) {
  return async (event: RequestEvent) => {
    await room.guard(event);
    const { confirmBy } = await room.api(event.locals).read();
    return { confirmBy, next: nextOf(room, event.url.searchParams.get('next')) };
  };
}

const nextOf = (room: SecurityRoom, next: string | null) => safeNext(next, localizeHref(room.home));

export function confirmActions(room: SecurityRoom) {
  return {
    default: async (event: RequestEvent) => {
      await room.guard(event);
      const typed = await readFields(event.request, ['password', 'code', 'assertion', 'next']);
      const values = { next: typed.next };
      const assertion = typed.assertion ? (readAssertion(typed.assertion) ?? null) : null;
      const code = typed.code.trim() || null;
      const password = typed.password || null;
      if (!assertion && !code && !password) {
        return refuse(values, { code: m.required_field(), password: m.required_field() });
      }
      try {
        await room.api(event.locals).confirm({ body: { assertion, code, password } });
      } catch (error) {
        if (error instanceof ApiProblem && error.is('wrong-credentials'))
          return refuse(values, { password: m.portal_profile_wrong_password() });
        if (error instanceof ApiProblem && error.is('wrong-code', 'invalid-request'))
          return refuse(values, { code: m.security_code_form() });
        return refusalOf(error, values);
      }
      const next = nextOf(room, typed.next);
      redirect(303, `${next}${next.includes('?') ? '&' : '?'}confirmed`);
    },
  };
}
