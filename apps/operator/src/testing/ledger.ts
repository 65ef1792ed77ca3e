import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Operation, operations } from '@preau/contract';
import type { InboxEntry, SubscriptionSnapshot } from '@preau/contract/platform/billing';
import {
  type InstanceOperation,
  type OperationType,
  type StepName,
  stepName,
} from '@preau/contract/platform/instances';
import { FIRST_MACHINE, type MachineState } from '@preau/contract/platform/machines';
import { type PublicKey, verifyToken } from '@preau/identity';
import { z } from 'zod';
import type { DesiredInstance } from '../workflows/context.ts';

type Call = { params: Record<string, string>; query: Record<string, string>; body: unknown };
type Reply = { status?: number; body?: unknown };
const problem = (status: number, name: string): Reply => ({
  status,
  body: { type: `urn:preau:problem:${name}`, name, title: name, status, detail: name, reference: 'test' },
});

const pending = (name: StepName, position: number): InstanceOperation['steps'][number] => ({
  position,
  name,
  state: 'pending',
  attempt: 0,
  startedAt: null,
  finishedAt: null,
  message: null,
});
const observation = operations.observeInstance.body;
const stepReport = operations.recordStep.body;
const meterMinute = operations.recordMeterMinute.body;
const closure = operations.finishOperation.body;

/**
 * The operator's part of the backend, on loopback, in memory, checked against the contract: what every
 * operation was called with is kept, so that a test can see that nothing happened twice.
 * The journeys in e2e run the real one.
 */
export class Ledger {
  readonly instances = new Map<string, DesiredInstance>();
  readonly operations = new Map<string, InstanceOperation & { error: string | null }>();
  /** What operators run instances on, and what was decided about it. */
  readonly machines = new Map<string, { state: MachineState; evenInUse?: boolean }>();
  /** Platforms that moved although somebody used them. */
  readonly interrupted: string[] = [];
  /** What is to be started by the machine on which it was placed, once that asks. */
  readonly #placedAwake = new Set<string>();
  /** How often an operation was begun anew, by its id. */
  readonly #beginnings = new Map<string, number>();
  readonly keys = new Map<string, Set<string>>();
  readonly welcomed: string[] = [];
  readonly incidents: string[] = [];
  readonly minutes: z.infer<typeof meterMinute>[] = [];
  readonly tenants = new Set<string>();
  readonly administrators = new Set<string>();
  readonly inbox = new Map<string, InboxEntry>();
  readonly subscriptions = new Map<string, { revision: number; snapshot: SubscriptionSnapshot | null }>();
  /** Operations whose backup was brought back, as often as it was. */
  readonly restored: string[] = [];
  /** Why the backend cannot bring an instance's backup back. */
  readonly lost = new Map<string, string>();
  readonly stepsBegun: string[] = [];
  applied = 0;
  /** A release on its way: each time the operator asks, the next instance gets it. */
  rollout: { release: { id: string; digest: string | null }; instances: string[] } | undefined;
  /** Answers nothing but 503, as a backend does that is being started again. */
  away = false;
  /** Called before a step's report is answered. */
  onStep: (name: StepName, state: string) => void | Promise<void> = () => undefined;
  /** Called when a call about an instance has had its effect; it is answered when this resolves. */
  onEffect: (instanceId: string, call: string) => void | Promise<void> = () => undefined;
  /** Calls that the backend refuses, by operation id of the contract: always, or about one instance, or for a while. */
  readonly refused = new Map<string, Reply & { instanceId?: string; when?: () => boolean }>();
  readonly #asked = new Map<string, number>();
  #url = '';
  readonly #key: PublicKey;
  readonly #server = createServer((request, response) => {
    this.#answer(request.method ?? '', new URL(request.url ?? '/', 'http://ledger'), request).then(
      ({ status = 200, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      },
      (error) => {
        process.stderr.write(`ledger: ${error instanceof Error ? error.stack : String(error)}\n`);
        response.writeHead(500).end();
      },
    );
  });

  constructor(key: PublicKey) {
    this.#key = key;
  }

  get url(): string {
    return this.#url;
  }

  async open(): Promise<this> {
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening));
    this.#url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  addInstance(
    slug: string,
    publicPort: number,
    lifecycle: DesiredInstance['lifecycle'] = 'requested',
  ): DesiredInstance {
    const id = randomUUID();
    const instance: DesiredInstance = {
      id,
      tenantId: randomUUID(),
      slug,
      host: `${slug}.localhost`,
      url: `http://${slug}.localhost:${publicPort}`,
      name: `École ${slug}`,
      locale: 'fr',
      lifecycle,
      power: 'stopped',
      health: 'unknown',
      wanted: 'running',
      generation: 0,
      observedGeneration: 0,
      release: null,
      targetRelease: null,
      endpoint: null,
      machine: lifecycle === 'requested' ? null : FIRST_MACHINE,
      entitlements: {
        learners: null,
        trainers: null,
        storageMegabytes: 100,
        fileMegabytes: 50,
        fileKinds: ['image'],
        memoryMegabytes: 256,
        trafficMegabytes: null,
        processorHours: null,
        customDomain: false,
        alwaysOn: true,
        support: 'mail',
      },
      keySince: null,
      firstAdministrator: { email: 'claire@atelier.test', name: 'Claire' },
      openOperation: null,
    };
    this.instances.set(id, instance);
    return instance;
  }

  openOperation(instanceId: string, type: OperationType, deadlineMs = 60_000): InstanceOperation {
    const instance = this.#instance(instanceId);
    instance.generation++;
    const operation = {
      id: randomUUID(),
      instanceId,
      type,
      state: 'pending' as const,
      generation: instance.generation,
      steps: [],
      createdAt: new Date().toISOString(),
      finishedAt: null,
      deadline: new Date(Date.now() + deadlineMs).toISOString(),
      error: null,
    };
    this.operations.set(operation.id, operation);
    instance.openOperation = operation;
    return operation;
  }

  /** What staff say of a machine that does not come back. */
  declareGone(name: string): void {
    this.machines.set(name, { state: 'gone' });
    for (const instance of this.instances.values()) {
      if (instance.machine !== name || instance.lifecycle === 'purged') continue;
      Object.assign(instance, { machine: null, endpoint: null, keySince: null });
      if (instance.power === 'waking') instance.power = 'sleeping';
      this.keys.delete(instance.id);
      const { openOperation } = instance;
      if (openOperation) this.#beginnings.set(openOperation.id, this.#beginningOf(openOperation.id) + 1);
    }
  }

  /** Resolves when the operation is over. */
  async over(operationId: string, timeoutMs = 30_000): Promise<InstanceOperation & { error: string | null }> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const operation = this.operations.get(operationId);
      if (operation?.finishedAt) return operation;
      if (Date.now() > end) throw new Error(`still open: ${JSON.stringify(operation)}`);
      await new Promise((later) => setTimeout(later, 10));
    }
  }

  #beginningOf(operationId: string): number {
    return this.#beginnings.get(operationId) ?? 1;
  }

  #active(): string[] {
    return [...this.machines].filter(([, { state }]) => state === 'active').map(([name]) => name);
  }

  /** What sleeps on a machine that drains waits for another, if there is one. @returns whether there is */
  #handOver(name: string): boolean {
    const elsewhere = this.#active().some((one) => one !== name);
    if (elsewhere && this.machines.get(name)?.state === 'draining')
      for (const instance of this.instances.values())
        if (instance.machine === name && instance.power === 'sleeping' && instance.keySince === null)
          Object.assign(instance, {
            machine: null,
            power: instance.entitlements.alwaysOn ? 'waking' : 'sleeping',
          });
    return elsewhere;
  }

  /** To whoever has the fewest. */
  #place(): void {
    const active = this.#active();

    const instances = [...this.instances.values()];
    const load = (name: string) => instances.filter(({ machine }) => machine === name).length;
    for (const instance of instances)
      if (instance.machine === null && instance.lifecycle !== 'purged') {
        instance.machine = active.sort((a, b) => load(a) - load(b))[0] ?? null;
        if (instance.power === 'waking') this.#placedAwake.add(instance.id);
      }
  }

  #instance(id: string | undefined): DesiredInstance {
    const instance = this.instances.get(id ?? '');
    if (!instance) throw new Error(`no instance ${id}`);
    return instance;
  }

  /** What a failed update leaves: the instance should go on running what it runs. */
  #keepRelease(id: string | undefined): void {
    const instance = this.#instance(id);
    instance.targetRelease = instance.release === null ? null : { id: instance.release, digest: null };
  }

  async #answer(
    method: string,
    url: URL,
    request: AsyncIterable<Buffer> & { headers: { authorization?: string } },
  ): Promise<Reply> {
    if (this.away) return { status: 503 };
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const trusted = await verifyToken(token, { key: this.#key, issuer: 'operator' }).catch(() => undefined);
    if (!trusted) return problem(401, 'not-authenticated');
    for (const operation of Object.values<Operation>(operations)) {
      if (operation.method !== method) continue;
      const pattern = operation.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
      const match = new RegExp(`^${pattern}$`).exec(url.pathname);
      const handler = this.#handlers[operation.id];
      if (!match || !handler) continue;
      const text = Buffer.concat(chunks).toString();
      const params = Object.fromEntries(
        Object.entries(match.groups ?? {}).map(([k, v]) => [k, decodeURIComponent(v)]),
      );
      operation.params?.parse(params);
      const refusal = this.refused.get(operation.id);
      if (
        refusal &&
        (refusal.instanceId ?? params.instanceId) === params.instanceId &&
        (refusal.when?.() ?? true)
      )
        return refusal;
      const body = operation.body?.parse(JSON.parse(text || '{}'));
      const reply = await handler({ params, query: Object.fromEntries(url.searchParams), body });
      if (reply.body !== undefined && (reply.status ?? 200) < 300) operation.response?.parse(reply.body);
      const about = params.instanceId ?? this.operations.get(params.operationId ?? '')?.instanceId;
      if (about) await this.onEffect(about, operation.id);
      return { status: reply.status ?? operation.status, body: reply.body };
    }
    return problem(404, 'not-found');
  }

  readonly #handlers: Record<string, (call: Call) => Reply | Promise<Reply>> = {
    recordMeterMinute: ({ body }) => {
      this.minutes.push(meterMinute.parse(body));
      return {};
    },
    beatMachine: ({ params }) => {
      const machine = this.machines.get(params.machine ?? '') ?? { state: 'active' };
      this.machines.set(params.machine ?? '', machine);
      const elsewhere = this.#handOver(params.machine ?? '');
      return { body: { evenInUse: false, ...machine, elsewhere } };
    },
    takeOperations: ({ params }) => {
      this.#place();
      const wakes = [...this.#placedAwake].filter((id) => this.#instance(id).machine === params.machine);
      for (const id of wakes) this.#placedAwake.delete(id);
      const open = [...this.operations.values()].filter(
        ({ finishedAt, instanceId }) => !finishedAt && this.#instance(instanceId).machine === params.machine,
      );
      const items = open.map((one) => ({ ...one, beginning: this.#beginningOf(one.id) }));
      return { body: { items, wakes } };
    },
    listDesiredInstances: ({ query }) => ({
      body: {
        items: [...this.instances.values()].filter(
          ({ lifecycle, machine }) => lifecycle !== 'purged' && machine === query.machine,
        ),
      },
    }),
    getDesiredInstance: ({ params }) =>
      this.instances.has(params.instanceId ?? '')
        ? { body: this.#instance(params.instanceId) }
        : problem(404, 'not-found'),
    startOperation: ({ params, body }) => {
      const operation = this.operations.get(params.operationId ?? '');
      if (!operation) return problem(404, 'not-found');
      if (operation.finishedAt) return problem(409, 'state-forbids');
      const { steps } = operations.startOperation.body.parse(body);
      operation.state = 'running';
      if (operation.steps.length === 0) operation.steps = steps.map(pending);
      return { body: operation };
    },
    recordStep: async ({ params, body }) => {
      const operation = this.operations.get(params.operationId ?? '');
      if (!operation) return problem(404, 'not-found');
      const { state, attempt, message } = stepReport.parse(body);
      const name = stepName.parse(params.name);
      const step =
        operation.steps.find((known) => known.name === name) ?? pending(name, operation.steps.length);
      if (!operation.steps.includes(step)) operation.steps.push(step);
      Object.assign(step, { state, attempt, message });
      if (state === 'running' && message === null) this.stepsBegun.push(`${operation.type} ${name}`);
      await this.onStep(name, state);
      return {};
    },
    finishOperation: ({ params, body }) => {
      const operation = this.operations.get(params.operationId ?? '');
      if (!operation) return problem(404, 'not-found');
      const { outcome, error } = closure.parse(body);
      if (!operation.finishedAt)
        Object.assign(operation, { state: outcome, error, finishedAt: new Date().toISOString() });
      this.#instance(operation.instanceId).openOperation = null;
      if (['update', 'trial'].includes(operation.type) && outcome !== 'succeeded')
        this.#keepRelease(operation.instanceId);
      return { body: operation };
    },
    observeInstance: ({ params, body }) => {
      const instance = this.#instance(params.instanceId);
      const { interrupted, ...seen } = observation.parse(body);
      if (interrupted) this.interrupted.push(instance.id);
      return { body: Object.assign(instance, seen) };
    },
    claimSubdomainForInstance: () => ({}),
    releaseSubdomain: () => ({}),
    ensureTenant: ({ params }) => {
      const { tenantId } = this.#instance(params.instanceId);
      const created = !this.tenants.has(tenantId);
      this.tenants.add(tenantId);
      return { body: { tenantId, created } };
    },
    ensureFirstAdministrator: ({ params }) => {
      const created = !this.administrators.has(params.instanceId ?? '');
      this.administrators.add(params.instanceId ?? '');
      return { body: { userId: params.instanceId, created } };
    },
    registerInstanceKey: ({ params, body }) => {
      const { machine } = operations.registerInstanceKey.body.parse(body);
      if (machine !== this.#instance(params.instanceId).machine) return problem(409, 'conflict');
      const keys = this.keys.get(params.instanceId ?? '') ?? new Set();
      this.keys.set(params.instanceId ?? '', keys.add(params.kid ?? ''));
      this.#instance(params.instanceId).keySince = new Date().toISOString();
      return {};
    },
    revokeInstanceKeys: ({ params, query }) => {
      const keys = this.keys.get(params.instanceId ?? '');
      for (const kid of keys ?? []) if (kid !== query.except) keys?.delete(kid);
      if (keys?.size === 0) this.keys.delete(params.instanceId ?? '');
      if (!this.keys.has(params.instanceId ?? '')) this.#instance(params.instanceId).keySince = null;
      return {};
    },
    sendWelcome: ({ params }) => {
      if (!this.welcomed.includes(params.instanceId ?? '')) this.welcomed.push(params.instanceId ?? '');
      return {};
    },
    purgeTenant: ({ params }) => {
      this.tenants.delete(this.#instance(params.instanceId).tenantId);
      return { body: { rows: 0, files: 0 } };
    },
    restoreTenant: ({ params }) => {
      const operationId = params.operationId ?? '';
      const error = this.lost.get(this.operations.get(operationId)?.instanceId ?? '') ?? null;
      if (error) return { body: { state: 'failed', percent: 40, error } };
      const asked = this.#asked.get(operationId) ?? 0;
      this.#asked.set(operationId, asked + 1);
      if (asked === 0) return { body: { state: 'queued', percent: 0, error } };
      if (!this.restored.includes(operationId)) this.restored.push(operationId);
      return { body: { state: 'succeeded', percent: 100, error } };
    },
    openProbe: () => ({
      status: 201,
      body: {
        token: 'probe.of-nobody-whom-anybody-knows',
        expiresAt: new Date(Date.now() + 60_000).toISOString(),
        pages: ['/courses/private'],
      },
    }),
    openRepair: ({ params, body }) => {
      const { type } = operations.openRepair.body.parse(body);
      if (this.#instance(params.instanceId).openOperation) return problem(409, 'operation-open');
      return { status: 201, body: this.openOperation(params.instanceId ?? '', type) };
    },
    advanceRollout: ({ body }) => {
      const { room } = operations.advanceRollout.body.parse(body);
      const id = room > 0 ? this.rollout?.instances.shift() : undefined;
      if (!id || !this.rollout) return { body: { rolloutId: null, state: null, opened: [] } };
      this.#instance(id).targetRelease = this.rollout.release;
      return {
        body: { rolloutId: randomUUID(), state: 'running', opened: [this.openOperation(id, 'update')] },
      };
    },
    refuseRelease: ({ params }) => {
      this.#keepRelease(params.instanceId);
      return {};
    },
    listKnownReleases: () => ({ body: { items: [] } }),
    reportIncident: ({ params, body }) => {
      this.incidents.push(`${z.object({ state: z.string() }).parse(body).state} ${params.key}`);
      return {};
    },
    listPendingInbox: () => ({
      body: { items: [...this.inbox.values()].filter(({ state }) => state === 'pending') },
    }),
    settleInboxEntry: ({ params, body }) => {
      const entry = this.inbox.get(params.entryId ?? '');
      if (!entry) return problem(404, 'not-found');
      const { outcome, error } = operations.settleInboxEntry.body.parse(body);
      entry.attempts++;
      entry.error = error;
      entry.state = outcome === 'failed' ? (entry.attempts >= 12 ? 'dead' : 'pending') : outcome;
      return { body: entry };
    },
    getSubscriptionRevision: ({ params }) => ({
      body: { revision: this.subscriptions.get(params.ref ?? '')?.revision ?? 0 },
    }),
    applySubscription: ({ params, body }) => {
      const { expectedRevision, snapshot } = operations.applySubscription.body.parse(body);
      const known = this.subscriptions.get(params.ref ?? '') ?? { revision: 0, snapshot: null };
      if (known.revision !== expectedRevision) return problem(409, 'conflict');
      this.applied++;
      const changed = JSON.stringify(known.snapshot) !== JSON.stringify(snapshot);
      const revision = known.revision + (changed ? 1 : 0);
      this.subscriptions.set(params.ref ?? '', { revision, snapshot });
      return { body: { revision, changed, instanceId: null } };
    },
    listKnownSubscriptions: () => ({
      body: {
        items: [...this.subscriptions].map(([ref, { revision }]) => ({ provider: 'sandbox', ref, revision })),
      },
    }),
  };
}
