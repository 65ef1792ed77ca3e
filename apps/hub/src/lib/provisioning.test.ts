import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instance as instanceSchema } from '@preau/contract/platform/instances';
import { order as orderSchema } from '@preau/contract/platform/orders';
import { isSettled, progressOf } from './provisioning.ts';

const id = '0198c1a0-0000-7000-8000-000000000001';
const at = '2026-11-24T02:00:00.000Z';
const branding = { name: 'Atelier', colour: '#176a4e', logo: null };
const order = (state: string) =>
  orderSchema.parse({
    id,
    organisationId: id,
    state,
    slug: 'atelier',
    branding,
    locale: 'fr',
    currency: 'EUR',
    interval: 'month',
    lines: [],
    totalMinor: 4900,
    checkout: null,
    instanceId: null,
    customer: {
      email: 'claire@atelier.test',
      organisationName: 'Atelier',
      country: 'FR',
      siren: null,
      vatNumber: null,
      providerRef: null,
    },
    createdAt: at,
  });
const instance = (lifecycle: string, state: string, steps: string[] = []) =>
  instanceSchema.parse({
    id,
    organisationId: id,
    slug: 'atelier',
    name: 'Atelier',
    url: 'http://atelier.localhost:8080',
    lifecycle,
    power: 'awake',
    health: 'unknown',
    release: null,
    planCode: 'atelier',
    planName: { fr: 'Atelier', en: 'Workshop' },
    branding,
    locale: 'fr',
    operation: {
      id,
      instanceId: id,
      type: 'provision',
      state,
      generation: 1,
      createdAt: at,
      finishedAt: null,
      deadline: at,
      steps: steps.map((stepState, position) => ({
        position,
        name: 'route',
        state: stepState,
        attempt: 1,
        startedAt: null,
        finishedAt: null,
        message: null,
      })),
    },
    liveSince: lifecycle === 'live' ? '2026-11-24T02:00:02.340Z' : null,
    createdAt: at,
  });

test('without an instance the order decides', () => {
  assert.equal(progressOf(order('awaiting_payment'), null).phase, 'waiting');
  assert.equal(progressOf(order('draft'), null).phase, 'waiting');
  assert.equal(progressOf(order('paid'), null).phase, 'building');
  assert.equal(progressOf(order('expired'), null).phase, 'expired');
  assert.equal(progressOf(order('cancelled'), null).phase, 'cancelled');
});

test('with an instance its life decides', () => {
  const paid = order('paid');
  assert.equal(progressOf(paid, instance('requested', 'pending')).phase, 'building');
  assert.equal(progressOf(paid, instance('provisioning', 'running')).phase, 'building');
  assert.equal(progressOf(paid, instance('provisioning', 'failed')).phase, 'failed');
  assert.equal(progressOf(paid, instance('provision_failed', 'rolled_back')).phase, 'failed');
  assert.equal(progressOf(paid, instance('provision_failed', 'running')).phase, 'building');
  assert.equal(progressOf(paid, instance('suspended', 'succeeded')).phase, 'suspended');
});

test('live is settled once the last step, the mail, is done too', () => {
  const live = progressOf(order('paid'), instance('live', 'running', ['succeeded', 'running']));
  assert.equal(live.phase, 'live');
  assert.equal(live.seconds, 2.3);
  assert.equal(isSettled(live), false);
  assert.equal(isSettled(progressOf(order('paid'), instance('live', 'succeeded', ['succeeded']))), true);
});
