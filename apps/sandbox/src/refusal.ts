/** What the provider answers instead of doing it; the status and type go over the wire. */
export class Refusal extends Error {
  readonly status: number;
  readonly type: 'invalid_request' | 'not_found' | 'authentication' | 'declined' | 'rate_limited';
  readonly code: string;

  constructor(status: number, type: Refusal['type'], code: string, message: string) {
    super(message);
    this.status = status;
    this.type = type;
    this.code = code;
  }
}

export const invalid = (code: string, message: string): Refusal =>
  new Refusal(400, 'invalid_request', code, message);
export const conflict = (code: string, message: string): Refusal =>
  new Refusal(409, 'invalid_request', code, message);
export const notFound = (what: string): Refusal =>
  new Refusal(404, 'not_found', 'not_found', `no such ${what}`);
export const declined = (code: string): Refusal =>
  new Refusal(402, 'declined', code, `the card was declined: ${code}`);
