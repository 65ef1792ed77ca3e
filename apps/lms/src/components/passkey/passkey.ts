import type { PasskeyCreation, PasskeyRequest } from '@preau/contract/authentication';
import {
  browserSupportsWebAuthnAutofill,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
  WebAuthnError,
} from '@simplewebauthn/browser';

/** What went wrong in the browser, for whose words the page has a sentence. */
export type PasskeyFailure = 'cancelled' | 'failed' | 'unable' | 'known';

/**
 * Asks the browser for a passkey; a question that it still offers beside a field is taken back.
 * @param beside offers it in the list of a field that says `webauthn`, until somebody takes it
 * @returns what the server verifies, as JSON text, or why there is none
 */
export async function getPasskey(
  options: PasskeyRequest,
  { beside = false }: { beside?: boolean } = {},
): Promise<string | { failure: PasskeyFailure }> {
  return answerOf(() =>
    startAuthentication({
      optionsJSON: options as PublicKeyCredentialRequestOptionsJSON,
      useBrowserAutofill: beside,
    }),
  );
}

/** Whether the browser offers passkeys in the list of a field. */
export const offersBeside = browserSupportsWebAuthnAutofill;
/** Takes an offer beside a field back. */
export const takeBack = () => WebAuthnAbortService.cancelCeremony();

/** Asks the browser to make a passkey. */
export async function createPasskey(options: PasskeyCreation): Promise<string | { failure: PasskeyFailure }> {
  return answerOf(() =>
    startRegistration({ optionsJSON: options as PublicKeyCredentialCreationOptionsJSON }),
  );
}

async function answerOf(ask: () => Promise<unknown>): Promise<string | { failure: PasskeyFailure }> {
  if (typeof PublicKeyCredential === 'undefined') return { failure: 'unable' };
  try {
    return JSON.stringify(await ask());
  } catch (error) {
    if (error instanceof WebAuthnError && error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED')
      return { failure: 'known' };
    const name = error instanceof Error ? error.name : '';
    return { failure: name === 'NotAllowedError' || name === 'AbortError' ? 'cancelled' : 'failed' };
  }
}
