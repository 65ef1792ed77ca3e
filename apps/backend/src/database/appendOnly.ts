import type { Table } from './catalogue.ts';

/** The logs themselves: rows are added by triggers' rules and never changed or deleted, not even by the owner. */
export const APPEND_ONLY: ReadonlySet<string> = new Set([
  'audit_entries',
  'platform_audit_entries',
  'audit_anchors',
  'audit_events',
]);
/** Personal data of entries: added and erased, never changed. */
export const ERASABLE: ReadonlySet<string> = new Set(['audit_particulars', 'platform_audit_particulars']);

/** What a serving role may do with a table of its own rows. */
export function privilegesOn(table: string): string[] {
  if (APPEND_ONLY.has(table)) return ['SELECT', 'INSERT'];
  if (ERASABLE.has(table)) return ['SELECT', 'INSERT', 'DELETE'];
  return ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];
}

interface Guard {
  table: string;
  trigger: string;
  routine: string;
  /** `BEFORE …`, as PostgreSQL understands it. */
  when: string;
}

const GUARDS: Guard[] = [
  ...[...APPEND_ONLY].flatMap((table): Guard[] => [
    { table, trigger: 'no_change', routine: 'audit_refuse_change', when: 'BEFORE DELETE OR UPDATE' },
    { table, trigger: 'no_truncate', routine: 'audit_refuse_truncate', when: 'BEFORE TRUNCATE' },
  ]),
  ...[...ERASABLE].map((table) => ({
    table,
    trigger: 'no_change',
    routine: 'audit_refuse_change',
    when: 'BEFORE UPDATE',
  })),
  {
    table: 'audit_chains',
    trigger: 'no_change',
    routine: 'audit_refuse_change',
    when: 'BEFORE DELETE OR UPDATE',
  },
  {
    table: 'audit_chains',
    trigger: 'no_truncate',
    routine: 'audit_refuse_truncate',
    when: 'BEFORE TRUNCATE',
  },
  { table: 'tenants', trigger: 'remains_purged', routine: 'tenant_remains_purged', when: 'BEFORE UPDATE' },
  { table: 'audit_entries', trigger: 'link', routine: 'audit_link', when: 'BEFORE INSERT' },
  { table: 'platform_audit_entries', trigger: 'link', routine: 'audit_link', when: 'BEFORE INSERT' },
];

/**
 * A row is linked where it is written, so that no caller can choose its number, its time or its hash. The lock is
 * the chain's alone and held until the transaction ends; `audit/record.ts` writes just before that.
 * The hashed text is one field a line; `audit/entry.ts` computes the same.
 */
const LINK = `
CREATE OR REPLACE FUNCTION audit_link() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE
  chain text := coalesce(to_jsonb(NEW) ->> 'tenant_id', 'platform');
  last record;
BEGIN
  PERFORM pg_advisory_xact_lock(7246, hashtext(chain));
  IF TG_TABLE_NAME = 'audit_entries' THEN
    SELECT e.seq, e.hash INTO last FROM audit_entries e WHERE e.tenant_id = NEW.tenant_id ORDER BY e.seq DESC LIMIT 1;
    SELECT c.id INTO NEW.chain_id FROM audit_chains c WHERE c.tenant_id = NEW.tenant_id;
    IF NEW.chain_id IS NULL THEN
      INSERT INTO audit_chains (tenant_id) VALUES (NEW.tenant_id) RETURNING id INTO NEW.chain_id;
    END IF;
  ELSE
    SELECT e.seq, e.hash INTO last FROM platform_audit_entries e ORDER BY e.seq DESC LIMIT 1;
  END IF;
  NEW.seq := coalesce(last.seq, 0) + 1;
  NEW.previous := coalesce(last.hash, repeat('0', 64));
  NEW.at := date_trunc('milliseconds', clock_timestamp());
  IF concat(NEW.action, NEW.actor_kind, NEW.actor, NEW.on_behalf_of, NEW.target, NEW.request_id, NEW.commitment,
      NEW.details) LIKE '%' || chr(10) || '%' THEN
    RAISE EXCEPTION 'a field of an audit entry is one line' USING ERRCODE = 'check_violation';
  END IF;
  NEW.hash := encode(sha256(convert_to(concat_ws(chr(10), 'preau-audit-1', chain, NEW.seq::bigint, NEW.previous,
    to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), NEW.action, NEW.actor_kind,
    coalesce(NEW.actor, '-'), coalesce(NEW.on_behalf_of, '-'), coalesce(NEW.target, '-'),
    coalesce(NEW.request_id, '-'), NEW.commitment, NEW.details), 'UTF8')), 'hex');
  RETURN NEW;
END $f$`;

/**
 * A whole tenant's log goes with the tenant: once that is purged (and it never becomes anything else again) its
 * role may delete the chain's row, and the entries follow by their foreign key, which acts as their owner and,
 * alone of what the owner does, sees past FORCE. Nothing else passes.
 */
const REFUSE_CHANGE = `
CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF TG_TABLE_NAME IN ('audit_chains', 'audit_entries')
      AND EXISTS (SELECT 1 FROM tenants t WHERE t.id = OLD.tenant_id AND t.state = 'purged') THEN RETURN OLD; END IF;
  END IF;
  RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $f$`;

/** Else a tenant could be declared purged for as long as its log is deleted. */
const REMAIN_PURGED = `
CREATE OR REPLACE FUNCTION tenant_remains_purged() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  IF OLD.state = 'purged' AND NEW.state <> 'purged' THEN
    RAISE EXCEPTION 'a purged tenant stays purged' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $f$`;

const REFUSE_TRUNCATE = `
CREATE OR REPLACE FUNCTION audit_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $f$`;

/** Written anew at every start, which locks no table. */
export const appendOnlyFunctions: string[] = [LINK, REFUSE_CHANGE, REFUSE_TRUNCATE, REMAIN_PURGED];

/** Puts a table's guards on where one is missing or another than it should be. ALWAYS: also for sessions that replicate. */
export function guardChanged(table: Pick<Table, 'name' | 'triggers'>): string[] {
  const old = table.triggers.some(({ name }) => name === 'append_only')
    ? [`DROP TRIGGER append_only ON ${table.name}`]
    : [];
  if (guardGaps(table).length === 0) return old;
  return [
    ...old,
    ...GUARDS.filter((guard) => guard.table === table.name).flatMap(({ trigger, routine, when }) => [
      `CREATE OR REPLACE TRIGGER ${trigger} ${when} ON ${table.name}
       FOR EACH ${when.includes('TRUNCATE') ? 'STATEMENT' : 'ROW'} EXECUTE FUNCTION ${routine}()`,
      `ALTER TABLE ${table.name} ENABLE ALWAYS TRIGGER ${trigger}`,
    ]),
  ];
}

/** Guards that a table should have and has not, or has switched off. */
export function guardGaps({ name, triggers }: Pick<Table, 'name' | 'triggers'>): string[] {
  return GUARDS.filter(({ table }) => table === name).flatMap(({ trigger, routine, when }) => {
    const found = triggers.find((each) => each.name === trigger);
    if (!found) return [`trigger ${trigger} is missing`];
    if (found.state !== 'A') return [`trigger ${trigger} is not always on`];
    if (found.routine !== routine || !found.definition.includes(` ${when} ON `))
      return [`trigger ${trigger} is ${found.definition}`];
    return [];
  });
}
