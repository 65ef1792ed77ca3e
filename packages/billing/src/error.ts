/** Why a provider did not do what it was asked. `kind` decides what the caller does next. */
export type BillingFault =
  /** Network, time-out, 5xx: the same call may work later. */
  | { kind: 'transient' }
  | { kind: 'rate-limited'; retryAfterSeconds: number }
  | { kind: 'not-found' }
  /** The customer's means of payment was refused; `code` is the provider's. */
  | { kind: 'declined'; code: string }
  /** The customer must do something at `url` (3-D Secure). */
  | { kind: 'requires-action'; url: string }
  /** Our request is wrong, or the object's state forbids it: repeating it changes nothing. */
  | { kind: 'invalid-request'; code: string }
  /** The key or its rights are wrong: a person has to repair the settings. */
  | { kind: 'auth-config' }
  /** An answer that is not what the provider documents: never taken for a success. */
  | { kind: 'malformed-response' };

export class BillingError extends Error {
  readonly fault: BillingFault;

  constructor(fault: BillingFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BillingError';
    this.fault = fault;
  }

  /** Worth the same call again, by itself. */
  get passes(): boolean {
    return this.fault.kind === 'transient' || this.fault.kind === 'rate-limited';
  }
}

/** A webhook that must not be believed: answer 400 and store nothing. */
export class WebhookRejected extends Error {
  readonly reason: 'too-large' | 'unsigned' | 'wrong-signature' | 'too-old' | 'from-the-future' | 'malformed';

  constructor(reason: WebhookRejected['reason']) {
    super(`webhook rejected: ${reason}`);
    this.name = 'WebhookRejected';
    this.reason = reason;
  }
}
