/** In order; a migration that has been released is never edited. */
export const migrations: readonly { name: string; sql: string }[] = [
  {
    name: '0001-initial',
    sql: `
create table sandbox.clock (
  one boolean primary key default true check (one),
  -- What the provider's clock is ahead of the machine's.
  ahead_ms bigint not null default 0 check (ahead_ms >= 0)
);
insert into sandbox.clock default values;

create table sandbox.switches (
  one boolean primary key default true check (one),
  duplicate boolean not null default false,
  reorder boolean not null default false,
  delay_seconds integer not null default 0 check (delay_seconds between 0 and 3600),
  drop_percent integer not null default 0 check (drop_percent between 0 and 100)
);
insert into sandbox.switches default values;

create table sandbox.customer (
  id text primary key,
  external_id text not null unique,
  email text not null,
  name text not null,
  country text not null,
  siren text,
  vat_number text,
  locale text not null,
  card jsonb,
  -- Given back at the next invoice.
  credit_minor integer not null default 0 check (credit_minor >= 0),
  created_at timestamptz not null
);

create table sandbox.subscription (
  id text primary key,
  seq bigint generated always as identity unique,
  customer_id text not null references sandbox.customer,
  checkout_id text,
  status text not null check (status in ('trialing','active','past_due','unpaid','paused','canceled')),
  currency text not null,
  interval text not null,
  lines jsonb not null,
  coupon jsonb,
  metadata jsonb not null,
  -- Periods are counted from here, so that the 31st comes back after February.
  anchor timestamptz not null,
  cycle integer not null,
  current_period_start timestamptz not null,
  current_period_end timestamptz not null,
  cancel_at timestamptz,
  past_due_since timestamptz,
  failed_attempts integer not null default 0,
  next_retry_at timestamptz,
  dispute text not null default 'none' check (dispute in ('none','open','won','lost')),
  revision integer not null default 1,
  created_at timestamptz not null
);
create index on sandbox.subscription (current_period_end) where status <> 'canceled';
create index on sandbox.subscription (next_retry_at) where next_retry_at is not null;

create table sandbox.checkout (
  id text primary key,
  customer_id text not null references sandbox.customer,
  status text not null default 'open' check (status in ('open','complete','expired')),
  currency text not null,
  interval text not null,
  lines jsonb not null,
  trial_days integer not null,
  locale text not null,
  success_url text not null,
  cancel_url text not null,
  metadata jsonb not null,
  coupon jsonb,
  -- A card that waits for its 3-D Secure challenge.
  challenge jsonb,
  subscription_id text references sandbox.subscription,
  expires_at timestamptz not null,
  created_at timestamptz not null
);
create index on sandbox.checkout (expires_at) where status = 'open';

create sequence sandbox.invoice_number;
create table sandbox.invoice (
  id text primary key,
  number text not null unique,
  customer_id text not null references sandbox.customer,
  subscription_id text not null references sandbox.subscription,
  status text not null check (status in ('open','paid','void','uncollectible')),
  currency text not null,
  lines jsonb not null,
  buyer jsonb not null,
  tax jsonb not null,
  subtotal_minor integer not null,
  discount_minor integer not null,
  credit_minor integer not null,
  tax_minor integer not null,
  total_minor integer not null,
  refunded_minor integer not null default 0,
  issued_at timestamptz not null,
  due_at timestamptz not null,
  paid_at timestamptz,
  check (refunded_minor between 0 and total_minor)
);
create index on sandbox.invoice (subscription_id, issued_at desc);
create index on sandbox.invoice (customer_id, issued_at desc);

create table sandbox.refund (
  id text primary key,
  invoice_id text not null references sandbox.invoice,
  amount_minor integer not null check (amount_minor > 0),
  created_at timestamptz not null
);

create table sandbox.change_preview (
  token text primary key,
  subscription_id text not null references sandbox.subscription,
  revision integer not null,
  interval text not null,
  lines jsonb not null,
  proration_minor integer not null,
  due_now_minor integer not null,
  tax_now_minor integer not null,
  expires_at timestamptz not null
);

create table sandbox.portal_session (
  token text primary key,
  customer_id text not null references sandbox.customer,
  return_url text not null,
  locale text not null,
  -- By the machine's clock: moving the provider's does not end a visit.
  expires_at timestamptz not null
);

create table sandbox.event (
  seq bigint generated always as identity primary key,
  id text not null unique,
  type text not null,
  data jsonb not null,
  created_at timestamptz not null
);

create table sandbox.delivery (
  id bigint generated always as identity primary key,
  event_id text not null references sandbox.event (id),
  -- By the machine's clock.
  due_at timestamptz not null,
  attempts integer not null default 0,
  state text not null default 'waiting' check (state in ('waiting','delivered','dropped','given-up')),
  last_answer text
);
create index on sandbox.delivery (due_at) where state = 'waiting';

create table sandbox.idempotency (
  key text not null,
  path text not null,
  fingerprint text not null,
  answer jsonb not null,
  created_at timestamptz not null default now(),
  primary key (key, path)
);
`,
  },
];
