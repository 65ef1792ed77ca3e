import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
  WebAuthnError,
} from '@simplewebauthn/browser';

/** The server refused to ask: its words, and its name for the reason. */
export class Refused extends Error {
  override name = 'Refused';
  readonly reason: string;
  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

async function ask<T>(path: string, body = ''): Promise<T> {
  const response = await fetch(path, { method: 'POST', body });
  const answer = await response.json();
  if (!response.ok) throw new Refused(String(answer.name), String(answer.message));
  return answer as T;
}

/**
 * Asks the browser for a passkey.
 * @param path answers the options
 * @param autofill offers it beside the address field, without a dialog, until somebody takes it
 * @returns what the server verifies, as JSON text
 */
export async function getPasskey(path: string, challenge = '', autofill = false): Promise<string> {
  const optionsJSON = await ask<PublicKeyCredentialRequestOptionsJSON>(path, challenge);
  return JSON.stringify(await startAuthentication({ optionsJSON, useBrowserAutofill: autofill }));
}

/** Asks the browser to make a passkey. @returns what the server verifies, as JSON text */
export async function createPasskey(path: string, challenge = ''): Promise<string> {
  const optionsJSON = await ask<PublicKeyCredentialCreationOptionsJSON>(path, challenge);
  return JSON.stringify(await startRegistration({ optionsJSON }));
}

/** Takes back an offer that nobody took. */
export function takeBack(): void {
  WebAuthnAbortService.cancelCeremony();
}

/** The person closed the browser's dialog, or it ran out: nothing is wrong. */
export function wasCancelled(error: unknown): boolean {
  const name = error instanceof Error ? error.name : '';
  return name === 'NotAllowedError' || name === 'AbortError';
}

/** This authenticator has a passkey for the account already. */
export function wasKnown(error: unknown): boolean {
  return error instanceof WebAuthnError && error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED';
}
