/**
 * The three kinds of people and where what proves them is kept. Everything in this folder takes one, and a `Db`
 * bound to the scope that its tables live in: the platform's, or one tenant's.
 */
export interface Realm {
  kind: 'account' | 'staff' | 'user';
  /** Tables. */
  people: string;
  sessions: string;
  passkeys: string;
  recoveryCodes: string;
  challenges: string;
  throttles: string;
  /** The column that says whose a row is. */
  owner: string;
  /** What every unique key of these tables leads with. */
  keyPrefix: '' | 'tenant_id, ';
  /** Seconds without a request after which a session ends. */
  idleSeconds: number;
  /** Seconds after which a session ends in any case. */
  lifetimeSeconds: number;
}

const HOUR = 3_600;
const DAY = 24 * HOUR;

export const accounts: Realm = {
  kind: 'account',
  people: 'accounts',
  sessions: 'account_sessions',
  passkeys: 'account_passkeys',
  recoveryCodes: 'account_recovery_codes',
  challenges: 'account_challenges',
  throttles: 'throttles',
  owner: 'account_id',
  keyPrefix: '',
  idleSeconds: 7 * DAY,
  lifetimeSeconds: 30 * DAY,
};

export const staff: Realm = {
  kind: 'staff',
  people: 'staff',
  sessions: 'staff_sessions',
  passkeys: 'staff_passkeys',
  recoveryCodes: 'staff_recovery_codes',
  challenges: 'staff_challenges',
  throttles: 'throttles',
  owner: 'staff_member_id',
  keyPrefix: '',
  idleSeconds: HOUR,
  lifetimeSeconds: 8 * HOUR,
};

export const users: Realm = {
  kind: 'user',
  people: 'users',
  sessions: 'user_sessions',
  passkeys: 'user_passkeys',
  recoveryCodes: 'user_recovery_codes',
  challenges: 'user_challenges',
  throttles: 'user_throttles',
  owner: 'user_id',
  keyPrefix: 'tenant_id, ',
  idleSeconds: 14 * DAY,
  lifetimeSeconds: 30 * DAY,
};
