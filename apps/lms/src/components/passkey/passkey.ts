import type { PasskeyCreation, PasskeyRequest } from '@preau/contract/authentication';
import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
  WebAuthnError,
} from '@simplewebauthn/browser';

/** What went wrong in the browser, for whose words the page has a sentence. */
export type PasskeyFailure = 'cancelled' | 'failed' | 'unable' | 'known';

/** Asks the browser for a passkey. @returns what the server verifies, as JSON text, or why there is none */
export async function getPasskey(options: PasskeyRequest): Promise<string | { failure: PasskeyFailure }> {
  return answerOf(() =>
    startAuthentication({ optionsJSON: options as PublicKeyCredentialRequestOptionsJSON }),
  );
}

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
