/**
 * Columns whose shape the catalogue does not know, by `table.column`: JSON that an answer's schema checks, and texts
 * that are one word of several. A column that is missing here gets `{}`, or a text of no meaning; where that is not
 * good enough, an operation is never reached validly, and the run says which.
 */
import { randomUUID } from 'node:crypto';
import { PNG } from './document.ts';

const branding = () => ({ name: 'École de la marque', colour: '#336699', logo: null });
const entitlements = () => ({
  learners: null,
  trainers: null,
  storageMegabytes: 1_000,
  memoryMegabytes: 256,
  customDomain: true,
  alwaysOn: false,
  support: 'mail',
});

/** A hash that verifies no password, in argon2id's form; the attack puts its canary where the salt is. */
const passwordHash = () => `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** Columns of text that hold one word of several: another word there would be no row of ours. */
const WORDS =
  /^((platform_)?audit_entries\.(actor_kind|action)|releases\.digest|subscriptions\.state|invoices\.state|(orders|invoices|prices|subscriptions)\.currency)$/;
export const isWord = (table: string, column: string) => WORDS.test(`${table}.${column}`);

export const shapes: Record<string, () => unknown> = {
  'tenants.entitlements': entitlements,
  'instances.branding': branding,
  'instances.lifecycle': () => 'live',
  'instances.maintenance': () => null,
  'releases.notes': () => ({ fr: 'Du neuf', en: 'News' }),
  'releases.name': () => `r-${randomUUID()}`,
  'releases.digest': () => 'a'.repeat(64),
  'releases.min_api': () => 1,
  'releases.max_api': () => 1,
  'releases.bytes': () => 1,
  'releases.yanked_at': () => null,
  'rollouts.soak_minutes': () => 0,
  // At most one is under way, and each of the two worlds has one.
  'rollouts.state': () => 'finished',
  // A draft would expire in the middle of the attack.
  'orders.state': () => 'paid',
  'orders.branding': branding,
  'orders.lines': () => [
    {
      kind: 'plan',
      code: 'equipe',
      priceId: randomUUID(),
      label: { fr: 'Une équipe', en: 'A team' },
      quantity: 1,
      amountMinor: 4_900,
    },
  ],
  'orders.currency': () => 'EUR',
  'invoices.currency': () => 'EUR',
  'invoices.state': () => 'paid',
  'invoices.url': () => 'https://exemple.test/facture',
  'subscriptions.state': () => 'active',
  'organisations.country': () => 'FR',
  'subscriptions.snapshot': () => ({
    ref: 'sub_1',
    customerRef: 'cus_1',
    checkoutRef: null,
    state: 'active',
    rawState: 'active',
    currency: 'EUR',
    currentPeriodStart: null,
    currentPeriodEnd: null,
    pastDueSince: null,
    cancelAt: null,
    items: [],
    invoices: [],
  }),
  'users.password_hash': passwordHash,
  'accounts.password_hash': passwordHash,
  'account_tokens.password_hash': passwordHash,
  'staff.password_hash': passwordHash,
  'credentials.code': () => randomUUID().slice(9, 23).toUpperCase(),
  'site_settings.logo_data': () => `data:image/png;base64,${PNG.toString('base64')}`,
  'imports.counts': () => ({ modules: 1, lessons: 1, assets: 0, questions: 0 }),
  'imports.error': () => JSON.stringify({ code: 'unreadable', file: 'un fichier.md' }),
  'imports.notes': () => [
    { level: 'info', file: 'un fichier.md', line: 1, what: 'unknown', excerpt: 'Une phrase citée' },
  ],
  // One that waits would be carried out in the middle of the attack.
  'imports.state': () => 'succeeded',
  'attempts.snapshot': () => ({ questions: [] }),
  'responses.response': () => ({ kind: 'text', value: 'Une réponse' }),
  'support_accesses.requested_by': () => randomUUID(),
  'audit_entries.actor_kind': () => 'user',
  'audit_entries.action': () => 'person.signed-in',
  'platform_audit_entries.actor_kind': () => 'account',
  'platform_audit_entries.action': () => 'account.signed-in',
  'audit_entries.details': () => '{}',
  'audit_particulars.data': () => '{}',
  'platform_audit_entries.details': () => '{}',
  'platform_audit_particulars.data': () => '{}',
  'deletion_certificates.statement': () =>
    JSON.stringify({
      format: 'preau-deletion-1',
      number: 'D-1',
      instanceId: randomUUID(),
      tenantId: randomUUID(),
      tables: { users: 1 },
      files: 0,
      bytes: 0,
      backups: 0,
      begunAt: '2026-11-01T00:00:00.000Z',
      endedAt: '2026-11-01T00:01:00.000Z',
      left: { rows: 0, files: 0, backups: 0 },
      kept: [{ what: 'Des factures', why: 'La loi le demande', until: '2036' }],
    }),
  'user_passkeys.transports': () => ['internal'],
  'account_passkeys.transports': () => ['internal'],
  'staff_passkeys.transports': () => ['internal'],
};
