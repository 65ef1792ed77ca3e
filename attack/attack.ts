/**
 * The attack: every operation of the document × everybody who might try × every way of naming what is not theirs.
 * A hit is a byte of somebody else's row or file in an answer, a change of one, an answer that tells what exists
 * elsewhere from what exists nowhere, or a caller believed who must not be.
 */
import { createHash } from 'node:crypto';
import { excusedChange, excusedDifference, excusedLeak, excusedReach } from './allowances.ts';
import { CANARY } from './canary.ts';
import type { Table } from './catalogue.ts';
import {
  type ApiDocument,
  type Input,
  type Operation,
  PNG,
  readDocument,
  Sampler,
  type Slot,
  targetOf,
  type Variant,
  withValue,
} from './document.ts';
import { type Identity, makeIdentities } from './identities.ts';
import { Names, nobodys } from './names.ts';
import { type Answer, curlOf, foreignIn, normalised, type Probe, send } from './probe.ts';
import { differences, ownership, type Snapshot, snapshot, type Watched } from './watch.ts';
import { plainWays } from './ways.ts';
import { armFactor, type Customer, KEPT_FROM_LEARNERS, type Mark, type World } from './world.ts';

export interface Finding {
  kind: 'leak' | 'change' | 'tells' | 'believed' | 'fetched' | 'fault' | 'time';
  operation: string;
  identity: string;
  way: string;
  detail: string;
  curl: string;
}

export interface Tally {
  probes: number;
  /** Probes that were refused, or answered, by more than the look of their input. */
  past: number;
}

export interface Report {
  probes: number;
  seconds: number;
  operations: Map<string, Tally>;
  identities: Map<string, Tally>;
  ways: Map<string, Tally>;
  /** Operations that no valid call of their rightful caller got into, with the last refusal. */
  unreached: Map<string, string>;
  findings: Finding[];
}

/** One of so many parts of the probes, drawn by digest; all parts together are every probe once. */
export interface Share {
  nth: number;
  of: number;
}

/** What was looked for is found. */
export class Found extends Error {}

export const WHOLE: Share = { nth: 1, of: 1 };

export interface Aim {
  identities?: (name: string) => boolean;
  operations?: (operation: Operation) => boolean;
  /** Leaves out what only shows that operations can be reached. */
  reach?: boolean;
  /** @param done how much of the run is behind it, from 0 to 1 */
  progress?: (done: number, where: string) => void;
}

/** Refused by who the caller is or by the look of the input, before the operation was asked. */
const BEFORE = new Set([
  'invalid-request',
  'malformed-request',
  'not-authenticated',
  'forbidden',
  'method-not-allowed',
  'payload-too-large',
  'unsupported-media',
  'password-too-weak',
]);
/** Operations by which staff come into a tenant: its administrator's consent is what they need. */
const OPENS_A_TENANT = new Set(['openSupportSession']);
const MAX_FOREIGN = 3;
const OWN_TRIES = 24;
/** Tables in which a row is made anew where an earlier operation took the last one away. */
const MAX_MADE = 3;
export const CUSTOMER_KINDS = ['account', 'user', 'visitor', 'instance', 'public'];

export function problemName({ headers, body }: Answer): string | undefined {
  if (!headers['content-type']?.startsWith('application/problem+json')) return undefined;
  try {
    const { name } = JSON.parse(body.toString('utf8')) as { name?: unknown };
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

export function isPast(answer: Answer): boolean {
  // GraphQL answers 200 to what it does not even carry out.
  if (answer.status < 400) return !/^\{"errors":/.test(answer.body.toString('latin1', 0, 10));
  const name = problemName(answer);
  return name !== undefined && !BEFORE.has(name);
}

export function emptyReport(): Report {
  return {
    probes: 0,
    seconds: 0,
    operations: new Map(),
    identities: new Map(),
    ways: new Map(),
    unreached: new Map(),
    findings: [],
  };
}

export class Attack {
  readonly world: World;
  readonly document: ApiDocument;
  readonly identities: Identity[];
  readonly report = emptyReport();
  readonly #names: Names;
  readonly #sampler: Sampler;
  readonly #share: Share;
  readonly #until: Finding['kind'] | undefined;
  readonly #seen = new Set<string>();
  readonly #toldTo = new Map<Identity['home'], Set<string>>();
  readonly #private = new Map<string, Map<string, Mark>>();

  constructor(
    world: World,
    document: ApiDocument,
    identities: Identity[],
    share: Share,
    until?: Finding['kind'],
  ) {
    this.world = world;
    this.document = document;
    this.identities = identities;
    this.#names = new Names(world);
    this.#sampler = new Sampler(document);
    this.#share = share;
    this.#until = until;
  }

  /** @param until a finding of that kind ends the attack: it throws Found */
  static async prepare(world: World, share = WHOLE, until?: Finding['kind']): Promise<Attack> {
    const document = await readDocument(world.target.url);
    return new Attack(world, document, await makeIdentities(world), share, until);
  }

  async run(aim: Aim = {}): Promise<Report> {
    const begun = performance.now();
    const { reach = true, progress = () => {} } = aim;
    let groups = 0;
    const operations = this.document.operations.filter((each) => aim.operations?.(each) ?? true);
    const identities = this.identities.filter(({ name }) => aim.identities?.(name) ?? true);
    const gentle = inOrder(operations);
    if (reach)
      for (const operation of gentle.filter(({ identity }) => CUSTOMER_KINDS.includes(identity))) {
        await this.#reach(operation);
        progress(groups / (identities.length * gentle.length), `reaching ${operation.id}`);
      }
    for (const identity of identities) {
      const watch = this.watch(identity);
      for (const operation of gentle) {
        groups += 1;
        // Whoever is let in to the platform's own operations does its work there.
        const works = identity.foreign === 'tenants' && identity.admits(operation);
        if (works && operation.method !== 'GET' && !OPENS_A_TENANT.has(operation.id)) continue;
        if (identity.readsOnly && operation.method !== 'GET') continue;
        // Whoever registers becomes one more person of the platform that they are on.
        if (identity.foreign === 'others' && operation.id === 'register') continue;
        await this.#group(identity, operation, watch);
        this.report.seconds = (performance.now() - begun) / 1_000;
        progress(groups / (identities.length * gentle.length), `${identity.name}, ${operation.id}`);
      }
      await watch.look();
    }
    if (reach)
      for (const operation of gentle.filter(({ identity }) => !CUSTOMER_KINDS.includes(identity))) {
        await this.#reach(operation);
        progress(groups / (identities.length * gentle.length), `reaching ${operation.id}`);
      }
    this.report.seconds = (performance.now() - begun) / 1_000;
    return this.report;
  }

  /** Whether a probe belongs to the share: decided by what it is, so that every run takes the same. */
  takes(...what: (string | number | boolean)[]): boolean {
    const { nth, of } = this.#share;
    if (of === 1) return true;
    return createHash('sha1').update(what.join(' ')).digest().readUInt32BE(0) % of === nth - 1;
  }

  /** Sends a probe and judges what one answer alone can show. */
  async probe(probe: Probe, identity: Identity): Promise<Answer> {
    const body = probe.body ? Buffer.from(probe.body).toString('latin1') : '';
    for (const [mark] of body.matchAll(CANARY)) this.#told(identity).add(mark.toLowerCase());
    const answer = await send(this.world.target.url, probe);
    this.count(probe, isPast(answer));
    for (const { mark, at } of foreignIn(answer, probe, await this.#marksFor(identity))) {
      if (this.#told(identity).has(mark)) continue;
      if (excusedLeak(probe.operation, at.table, identity)) continue;
      this.find('leak', probe, `${mark} (${at.owner}: ${at.table} ${at.row} ${at.column})`);
    }
    if (answer.status >= 500 && answer.status !== 503) this.find('fault', probe, `answered ${answer.status}`);
    return answer;
  }

  /** Texts that a home has written down itself, such as an address that it invited: no longer foreign there. */
  #told({ home }: Identity): Set<string> {
    const told = this.#toldTo.get(home) ?? new Set<string>();
    this.#toldTo.set(home, told);
    return told;
  }

  count(probe: Probe, past: boolean): void {
    const { report } = this;
    report.probes += 1;
    for (const [tally, key] of [
      [report.operations, probe.operation],
      [report.identities, probe.identity],
      [report.ways, probe.way],
    ] as const) {
      const known = tally.get(key) ?? { probes: 0, past: 0 };
      known.probes += 1;
      if (past) known.past += 1;
      tally.set(key, known);
    }
  }

  find(kind: Finding['kind'], probe: Probe, detail: string): void {
    const key = [
      kind,
      probe.operation,
      probe.identity,
      probe.way,
      detail.replace(/[0-9a-f-]{16,}/g, ''),
    ].join('|');
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const { operation, identity, way } = probe;
    this.report.findings.push({ kind, operation, identity, way, detail, curl: curlOf(probe) });
    if (kind === this.#until) throw new Found();
  }

  /** What a caller must see nothing of. */
  async #marksFor(identity: Identity): Promise<ReadonlyMap<string, Mark>> {
    if (identity.foreign === 'everything') return this.world.marks;
    const known = this.#private.get(identity.name);
    if (known) return known;
    const chosen = new Map<string, Mark>();
    const owned = identity.foreign === 'others' ? await this.#ownRows(identity) : new Set<string>();
    for (const [mark, place] of this.world.marks) {
      const holds = this.world.tables.get(place.table)?.holds;
      const isForeign =
        identity.foreign === 'tenants'
          ? holds === 'tenant' || place.table === 'files'
          : place.owner !== this.world.victim.name || this.#isPersonal(place, identity, owned);
      if (isForeign) chosen.set(mark, place);
    }
    this.#private.set(identity.name, chosen);
    return chosen;
  }

  /**
   * Within a tenant a learner sees nobody else's rows; those who teach see what learners do, and nobody's secrets.
   */
  #isPersonal({ table, column, row }: Mark, identity: Identity, owned: Set<string>): boolean {
    const declared = this.world.tables.get(table);
    if (column === KEPT_FROM_LEARNERS) return identity.person?.role === 'learner';
    if (!declared || !ownership(this.world.tables, declared, 't', 'NULL')) return false;
    if (owned.has(`${table} ${row}`)) return table === 'users' && SECRET.test(column);
    if (identity.person?.role === 'learner') return true;
    return /^user_/.test(table) || (table === 'users' && SECRET.test(column));
  }

  async #ownRows(identity: Identity): Promise<Set<string>> {
    const owned = new Set<string>();
    for (const table of this.world.tables.values()) {
      const condition = ownership(this.world.tables, table, 't', '$1::uuid');
      if (!condition) continue;
      const { rows } = await this.world.client.query<{ id: string }>(
        `SELECT t.id::text AS id FROM "${table.name}" t WHERE ${condition}`,
        [identity.person?.id ?? null],
      );
      for (const { id } of rows) owned.add(`${table.name} ${id}`);
    }
    return owned;
  }

  watch(identity: Identity): Watch {
    return new Watch(this, identity);
  }

  watchedBy(identity: Identity): Watched {
    const { victim, suspended } = this.world;
    if (identity.foreign === 'everything') return { customers: [victim, suspended] };
    const isTenants = ({ holds }: Table) => holds === 'tenant';
    if (identity.foreign === 'tenants') return { customers: [victim, suspended], tables: isTenants };
    const learns = identity.person?.role === 'learner';
    return {
      customers: [victim],
      except: identity.person?.id,
      tables: (table) =>
        isTenants(table) && !OWN_DOING.test(table.name) && (learns || /^user_/.test(table.name)),
    };
  }

  async #own(customer: Customer, operation: Operation, slot: Slot): Promise<string[]> {
    const shared = await this.#names.sharedOf(slot);
    if (shared.length > 0) return shared;
    if (slot.uuid && customer === this.world.attacker) {
      for (const column of this.#names.columnsOf(operation, slot).slice(0, MAX_MADE)) {
        if ((await this.#names.read(customer, column)).length > 0) continue;
        await this.world.rows.make(customer, column.table).catch(() => undefined);
        this.#names.forget(customer);
      }
    }
    return this.#names.valuesOf(customer, operation, slot);
  }

  /** Inputs of an operation that name the home's own things; `turn` chooses among them. */
  async #variants(home: Customer, operation: Operation, turn: number): Promise<Variant[]> {
    const asked: Slot[] = [];
    this.#sampler.variants(operation, (slot) => {
      asked.push(slot);
      return slot.uuid ? '00000000-0000-7000-8000-000000000000' : undefined;
    });
    const values = new Map<string, string[]>();
    for (const slot of asked) {
      const key = `${slot.place} ${slot.around} ${slot.name}`;
      if (!values.has(key)) values.set(key, await this.#own(home, operation, slot));
    }
    return this.#sampler.variants(operation, (slot) => {
      // New things need new names; what is said of a person is said of somebody new.
      if (slot.place === 'body' && /^(slug|emails?|idempotencyKey|eventId)$/.test(slot.name))
        return undefined;
      const own = values.get(`${slot.place} ${slot.around} ${slot.name}`) ?? [];
      // Two places of an input run through their values at different paces, so that pairs that belong together meet.
      const pace = 1 + asked.findIndex(({ place, name }) => place === slot.place && name === slot.name);
      return own[Math.floor(turn / pace) % Math.max(1, own.length)];
    });
  }

  /** Inputs with which whoever may call an operation names what is their own. */
  ownInputs(operation: Operation): Promise<Variant[]> {
    return this.#variants(this.world.attacker, operation, 0);
  }

  async request(
    operation: Operation,
    identity: string,
    way: string,
    input: Input,
    headers: Record<string, string>,
  ): Promise<Probe> {
    const body = operation.bytes ? PNG : operation.body ? JSON.stringify(input.body) : undefined;
    return {
      operation: operation.id,
      identity,
      way,
      method: operation.method,
      target: targetOf(operation, input),
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-type': operation.bytes ? 'image/png' : 'application/json' }),
        ...(operation.bytes ? { 'preau-file-name': 'image.png' } : {}),
      },
      body,
    };
  }

  /** Calls an operation as whoever may, with what is their own, until it lets somebody in. */
  async #reach(operation: Operation): Promise<void> {
    let last = 'nobody may call it';
    let past = false;
    for (const identity of this.rightful(operation)) {
      for (let turn = 0; turn < OWN_TRIES; turn += 1) {
        const variants = await this.#variants(this.world.attacker, operation, turn);
        const headers = await identity.headers();
        for (const { input } of variants) {
          const probe = await this.request(operation, identity.name, 'own', input, headers);
          const answer = await this.probe(probe, identity);
          last = `${answer.status} ${problemName(answer) ?? ''} ${answer.body.toString('utf8').slice(0, 300)}`;
          past ||= isPast(answer) && problemName(answer) !== 'not-found';
          if (answer.status < 300) {
            await this.#restore(identity);
            return;
          }
        }
        await this.#restore(identity);
        const named = variants.some(({ slots }) => slots.length > 0);
        if (!named || (past && Object.keys(operation.params).length === 0)) break;
      }
    }
    if (!past && !excusedReach(operation.id)) this.report.unreached.set(operation.id, last);
  }

  /** Who may call an operation, the strongest first. */
  rightful(operation: Operation): Identity[] {
    const { hub, operator } = this.world;
    const ours = this.identities.filter(
      (identity) => !identity.refused && identity.foreign !== 'others' && identity.admits(operation),
    );
    const bare = (name: string, token: () => Promise<string>): Identity => ({
      name,
      admits: () => true,
      refused: false,
      home: 'attacker',
      foreign: 'tenants',
      headers: async () => ({ authorization: `Bearer ${await token()}` }),
    });
    switch (operation.identity) {
      case 'hub':
      case 'service':
        return [bare('the hub', () => hub.token())];
      case 'operator':
        return [bare('the operator', () => operator.token())];
      default:
        return ours.reverse();
    }
  }

  /** Sets right what an operation may have done to the person who called it. */
  async #restore({ person, home }: Identity): Promise<void> {
    const { client, attacker, victim } = this.world;
    this.#names.forget(home === 'attacker' ? attacker : victim);
    if (person) await armFactor(this.world, person);
    if (person?.table === 'users' && person.role) {
      await client.query(
        `UPDATE users SET role = $2::text::enum_users_role, custom_role_id = NULL, status = 'active' WHERE id = $1`,
        [person.id, person.role],
      );
    }
    if (person?.table === 'accounts') {
      await client.query(
        `INSERT INTO organisation_members (organisation_id, account_id, role) VALUES ($1, $2, 'owner')
         ON CONFLICT (organisation_id, account_id) DO UPDATE SET role = 'owner'`,
        [attacker.rows.get('organisations')?.[0], person.id],
      );
    }
  }

  /** One caller at one operation: every way in, then a look at what is not theirs. */
  async #group(identity: Identity, operation: Operation, watch: Watch): Promise<void> {
    const { attacker, victim, suspended } = this.world;
    const home = identity.home === 'attacker' ? attacker : victim;
    const variants = await this.#variants(home, operation, 0);
    const refused = identity.refused || (identity.refusedAt?.(operation) ?? false);
    let sent = 0;
    let headers: Record<string, string> | undefined;
    const fresh = async () => {
      headers = await identity.headers();
      return headers;
    };
    const shoot = async (way: string, input: Input, change: (probe: Probe) => Probe = (probe) => probe) => {
      await watch.begin();
      const probe = change(
        await this.request(operation, identity.name, way, input, headers ?? (await fresh())),
      );
      const answer = await this.probe(probe, identity);
      sent += 1;
      watch.note(probe);
      if (refused && answer.status < 400) this.find('believed', probe, `answered ${answer.status}`);
      // Some operations end the session that they are called with.
      if (answer.status === 401 || operation.method !== 'GET') headers = undefined;
      return { probe, answer };
    };

    const strangers = identity.foreign === 'others' ? [victim] : [victim, suspended];
    for (const [turn, variant] of variants.entries()) {
      for (const slot of variant.slots) {
        if (turn > 0 && slot.place === 'path') continue;
        for (const stranger of strangers) {
          const foreign = await this.#foreign(identity, stranger, operation, slot);
          for (const [index, value] of foreign.slice(0, refused ? 1 : MAX_FOREIGN).entries()) {
            const way = wayOf(slot);
            if (!this.takes(operation.id, identity.name, way, slot.at.join('.'), stranger.name, index))
              continue;
            await this.#pair(shoot, operation, identity, variant, slot, value, way);
          }
        }
      }
    }
    if (identity.foreign === 'others' && !refused && this.takes(operation.id, identity.name, 'own'))
      await this.#doOwn(identity, operation, (input) => shoot('own', input));
    const bare = variants[0];
    if (bare && (bare.slots.length === 0 || refused) && this.takes(operation.id, identity.name, 'bare'))
      await shoot('as it is', bare.input);
    if (bare && !refused && identity.admits(operation)) {
      const aimed = await this.#aimed(identity, operation, bare);
      for (const { way, change } of plainWays(this.world)) {
        if (!this.takes(operation.id, identity.name, way)) continue;
        await shoot(way.split(':')[0] ?? way, aimed, change);
      }
    }
    if (sent > 0) await this.#restore(identity);
    await watch.lookWhenDue();
  }

  /** What somebody may do with what is theirs shows them nothing that is kept from them. */
  async #doOwn(
    identity: Identity,
    operation: Operation,
    shoot: (input: Input) => Promise<{ answer: Answer }>,
  ): Promise<void> {
    if (!identity.admits(operation)) return;
    for (let turn = 0; turn < OWN_TRIES; turn += 1) {
      const [variant] = await this.#variants(this.world.victim, operation, turn);
      // A secret is whose it is: somebody's link would make the caller them.
      if (!variant || variant.slots.some(({ name }) => name === 'token')) return;
      const { answer } = await shoot(variant.input);
      if (answer.status < 300 || variant.slots.length === 0) return;
    }
  }

  /** An input that names something of the victim's in the operation's path; undefined where none does. */
  async pathOf(
    identity: Identity,
    operation: Operation,
  ): Promise<{ input: Input; slot: Slot; value: string } | undefined> {
    const home = identity.home === 'attacker' ? this.world.attacker : this.world.victim;
    const [variant] = await this.#variants(home, operation, 0);
    const slot = variant?.slots.find(({ place }) => place === 'path');
    const value = slot && (await this.#foreign(identity, this.world.victim, operation, slot))[0];
    return variant && slot && value
      ? { input: withValue(variant.input, slot, value), slot, value }
      : undefined;
  }

  /** An input in which everything that names something names what is the victim's. */
  async #aimed(identity: Identity, operation: Operation, { input, slots }: Variant): Promise<Input> {
    let aimed = input;
    for (const slot of slots) {
      const [value] = await this.#foreign(identity, this.world.victim, operation, slot);
      if (value) aimed = withValue(aimed, slot, value);
    }
    return aimed;
  }

  async #foreign(
    identity: Identity,
    stranger: Customer,
    operation: Operation,
    slot: Slot,
  ): Promise<string[]> {
    const values = await this.#names.valuesOf(stranger, operation, slot);
    if (identity.foreign !== 'others') return values;
    const marks = await this.#marksFor(identity);
    return values.filter((value) => marks.has(value.toLowerCase()) || marks.has(value.split('@')[0] ?? ''));
  }

  async #pair(
    shoot: (way: string, input: Input) => Promise<{ probe: Probe; answer: Answer }>,
    operation: Operation,
    identity: Identity,
    { input }: Variant,
    slot: Slot,
    value: string,
    way: string,
  ): Promise<void> {
    const ask = async (named: string) => {
      const { probe, answer } = await shoot(way, withValue(input, slot, named));
      return { probe, status: answer.status, text: normalised(answer, named), answer };
    };
    const there = await ask(value);
    const nowhere = await ask(nobodys(value));
    if (!this.#tellsApart(operation, there, nowhere)) return;
    // Who may see it may see whether it is there.
    if (identity.readsOnly || (identity.foreign === 'tenants' && identity.admits(operation))) return;
    if (excusedDifference(operation.id, slot, identity)) return;
    // A name that the caller has given to something of their own is there for them.
    if ([...value.matchAll(CANARY)].some(([mark]) => this.#told(identity).has(mark.toLowerCase()))) return;
    // Asked again the other way round: what the first call changed must not be taken for the difference.
    const nowhereAgain = await ask(nobodys(value));
    const thereAgain = await ask(value);
    if (!this.#tellsApart(operation, thereAgain, nowhereAgain)) return;
    this.find(
      'tells',
      there.probe,
      `${there.status} ${problemName(there.answer) ?? ''} for what is the victim’s, ${nowhere.status} ${problemName(nowhere.answer) ?? ''} for what does not exist`,
    );
  }

  #tellsApart(
    operation: Operation,
    there: { status: number; text: string },
    nowhere: { status: number; text: string },
  ): boolean {
    if (there.status !== nowhere.status) return true;
    // What was made twice differs in more than what was asked for.
    if (operation.method !== 'GET' && there.status < 300) return false;
    return there.text !== nowhere.text;
  }
}

/** How many probes may pass before one looks whether something foreign has changed. */
const LOOK_EVERY = 150;

/** Looks for changes of what is not the caller's, and finds the probe that made one. */
class Watch {
  readonly #attack: Attack;
  readonly #identity: Identity;
  #before: Snapshot | undefined;
  #sent: Probe[] = [];

  constructor(attack: Attack, identity: Identity) {
    this.#attack = attack;
    this.#identity = identity;
  }

  #snapshot(): Promise<Snapshot> {
    return snapshot(this.#attack.world, this.#attack.watchedBy(this.#identity));
  }

  async begin(): Promise<void> {
    this.#before ??= await this.#snapshot();
  }

  note(probe: Probe): void {
    this.#sent.push(probe);
  }

  async lookWhenDue(): Promise<void> {
    if (this.#sent.length >= LOOK_EVERY) await this.look();
  }

  async look(): Promise<void> {
    const sent = this.#sent.splice(0);
    const first = sent[0];
    if (!this.#before || !first) return;
    const after = await this.#snapshot();
    const changed = differences(this.#before, after);
    this.#before = after;
    if (changed.length === 0) return;
    const { target } = this.#attack.world;
    let pinned = false;
    for (const probe of sent) {
      const headers = { ...probe.headers, ...(await this.#identity.headers()) };
      await send(target.url, { ...probe, headers });
      const now = await this.#snapshot();
      const by = differences(this.#before, now);
      this.#before = now;
      if (by.length === 0) continue;
      pinned = true;
      if (by.every((place) => excusedChange(probe.operation, place))) continue;
      this.#attack.find('change', probe, `changed ${by.join(', ')}`);
    }
    if (!pinned)
      this.#attack.find('change', first, `one of ${sent.length} probes changed ${changed.join(', ')}, once`);
  }
}

/**
 * Failures that slow people down, questions that they were asked, the log of what they did; and links, which anybody
 * may have sent to anybody's own mailbox.
 */
const OWN_DOING = /^(user_throttles|user_challenges|user_tokens|audit_)/;
const SECRET = /hash|secret/;

/** Reading first, then writing, then what takes away. */
function inOrder(operations: Operation[]): Operation[] {
  const rank = ({ method, id }: Operation) =>
    id === 'purgeTenant'
      ? 4
      : method === 'GET'
        ? 0
        : method === 'DELETE'
          ? 3
          : /^(signOut|update|remove|reset)/.test(id)
            ? 2
            : 1;
  return [...operations].sort((a, b) => rank(a) - rank(b));
}

function wayOf(slot: Slot): string {
  if (slot.around === 'rich text') return 'rich text';
  if (slot.name === 'search') return 'search';
  if (slot.place !== 'body') return slot.place;
  if (/asset|logo|cover/i.test(slot.name)) return 'upload field';
  if (slot.uuid) return 'relation';
  return slot.name === 'token' ? 'secret' : 'text';
}
