import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StepName } from '@preau/contract/platform/instances';
import { processesWith } from './driver/procfs.ts';
import { kill, openWorld, type World } from './testing/world.ts';

let world: World;
let operator: ChildProcess;
let gateway: ChildProcess;

async function until(
  what: string,
  done: () => boolean | Promise<boolean>,
  timeoutMs = 15_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await done())) {
    if (Date.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await sleep(20);
  }
}

/** Releases that fail, each in its way. */
const faulty = join(import.meta.dirname, 'testing/faulty');
const refusal = {
  status: 409,
  body: {
    type: 'urn:preau:problem:conflict',
    name: 'conflict',
    title: 'conflict',
    status: 409,
    detail: 'refused by the test',
    reference: 'test',
  },
};
const processesOf = (id: string) => processesWith('INSTANCE_ID', id);

async function provisioned(slug: string) {
  const instance = world.ledger.addInstance(slug, world.publicPort);
  const operation = world.ledger.openOperation(instance.id, 'provision');
  await world.notify('operation');
  assert.equal((await world.ledger.over(operation.id)).state, 'succeeded');
  return instance;
}

before(async () => {
  world = await openWorld();
  gateway = await world.startGateway();
  operator = await world.startOperator();
});
after(() => world.close());

describe('operations', () => {
  test('provision: from an order to a page that answers, each step seen in order', async () => {
    const instance = world.ledger.addInstance('acme', world.publicPort);
    const operation = world.ledger.openOperation(instance.id, 'provision');
    const begun = performance.now();
    await world.notify('operation');
    const over = await world.ledger.over(operation.id);
    const milliseconds = Math.round(performance.now() - begun);
    assert.deepEqual(
      over.steps.map(({ name, state, attempt }) => `${name} ${state} ${attempt}`),
      [
        'claim-subdomain succeeded 1',
        'create-tenant succeeded 1',
        'create-administrator succeeded 1',
        'mint-identity succeeded 1',
        'start-process succeeded 1',
        'route succeeded 1',
        'check-health succeeded 1',
        'check-page succeeded 1',
        'go-live succeeded 1',
        'send-welcome succeeded 1',
      ],
    );
    assert.equal(instance.lifecycle, 'live');
    assert.equal(instance.health, 'healthy');
    assert.equal(instance.observedGeneration, operation.generation);
    assert.equal((await world.visit('acme.localhost', '/sign-in')).status, 200);
    assert.deepEqual(world.ledger.welcomed, [instance.id]);
    assert.ok(milliseconds < 4000, `${milliseconds} ms`);
  });

  test('suspend stops the process and says so to visitors; resume brings the page back', async () => {
    const instance = await provisioned('pause');
    const suspend = world.ledger.openOperation(instance.id, 'suspend');
    instance.wanted = 'suspended';
    await world.notify('operation');
    assert.equal((await world.ledger.over(suspend.id)).state, 'succeeded');
    assert.equal(instance.lifecycle, 'suspended');
    assert.deepEqual(await processesOf(instance.id), []);
    assert.equal((await world.visit('pause.localhost', '/sign-in')).status, 503);
    const resume = world.ledger.openOperation(instance.id, 'resume');
    instance.wanted = 'running';
    await world.notify('operation');
    assert.equal((await world.ledger.over(resume.id)).state, 'succeeded');
    assert.equal(instance.lifecycle, 'live');
    assert.equal((await world.visit('pause.localhost', '/sign-in')).status, 200);
  });

  test('restart replaces the process without one failed request', async () => {
    const instance = await provisioned('again');
    const [former] = await processesOf(instance.id);
    let failed = 0;
    let answered = 0;
    let going = true;
    const visitor = (async () => {
      while (going) {
        const { status } = await world.visit('again.localhost', '/sign-in');
        if (status === 200) answered++;
        else failed++;
      }
    })();
    const restart = world.ledger.openOperation(instance.id, 'restart');
    await world.notify('operation');
    assert.equal((await world.ledger.over(restart.id)).state, 'succeeded');
    going = false;
    await visitor;
    assert.equal(failed, 0);
    assert.ok(answered > 10, `${answered} requests`);
    const [latter, ...more] = await processesOf(instance.id);
    assert.deepEqual(more, []);
    assert.notEqual(latter, former);
  });

  test('delete leaves neither process, key, tenant, route nor file', async () => {
    const instance = await provisioned('gone');
    const operation = world.ledger.openOperation(instance.id, 'delete');
    instance.wanted = 'absent';
    await world.notify('operation');
    assert.equal((await world.ledger.over(operation.id)).state, 'succeeded');
    assert.equal(instance.lifecycle, 'purged');
    assert.deepEqual(await processesOf(instance.id), []);
    assert.ok(!world.ledger.keys.has(instance.id));
    assert.ok(!world.ledger.tenants.has(instance.tenantId));
    assert.equal((await world.visit('gone.localhost', '/sign-in')).status, 404);
    assert.ok(!(await readdir(join(world.dataDir, 'instances'))).includes(instance.id));
  });

  test('a step that fails is taken back with those before it; a retry then works', async () => {
    const instance = world.ledger.addInstance('retry', world.publicPort);
    world.ledger.refused.set('sendWelcome', refusal);
    const failing = world.ledger.openOperation(instance.id, 'provision');
    await world.notify('operation');
    const over = await world.ledger.over(failing.id);
    assert.equal(over.state, 'failed');
    assert.match(over.error ?? '', /^send-welcome: /);
    assert.equal(instance.lifecycle, 'provision_failed');
    assert.deepEqual(
      over.steps.filter(({ state }) => state === 'compensated').map(({ name }) => name),
      ['mint-identity', 'start-process', 'route', 'go-live'],
    );
    assert.deepEqual(await processesOf(instance.id), []);
    assert.ok(!world.ledger.keys.has(instance.id));
    assert.equal((await world.visit('retry.localhost', '/sign-in')).status, 503);

    world.ledger.refused.clear();
    const retry = world.ledger.openOperation(instance.id, 'provision');
    await world.notify('operation');
    assert.equal((await world.ledger.over(retry.id)).state, 'succeeded');
    assert.equal((await world.visit('retry.localhost', '/sign-in')).status, 200);
  });

  test('a backend that is away for a moment is no failure', async () => {
    const instance = world.ledger.addInstance('patient', world.publicPort);
    world.ledger.onStep = (name, state) => {
      if (name !== 'create-tenant' || state !== 'succeeded') return;
      world.ledger.onStep = () => undefined;
      world.ledger.away = true;
      setTimeout(() => {
        world.ledger.away = false;
      }, 1500);
    };
    const operation = world.ledger.openOperation(instance.id, 'provision');
    await world.notify('operation');
    const over = await world.ledger.over(operation.id);
    assert.equal(over.state, 'succeeded');
    assert.ok(over.steps.every(({ attempt }) => attempt === 1));
  });

  test('an operation is found by polling when its notification is lost', async () => {
    const instance = world.ledger.addInstance('quiet', world.publicPort);
    const operation = world.ledger.openOperation(instance.id, 'provision');
    assert.equal((await world.ledger.over(operation.id, 12_000)).state, 'succeeded');
  });
});

describe('reconciliation', () => {
  test('a killed instance comes back by itself', async () => {
    const instance = await provisioned('phoenix');
    const [pid = 0] = await processesOf(instance.id);
    process.kill(pid, 'SIGKILL');
    await until('a new process', async () => {
      const [next] = await processesOf(instance.id);
      return next !== undefined && next !== pid;
    });
    await until('the page', async () => (await world.visit('phoenix.localhost', '/sign-in')).status === 200);
    await until('health', () => instance.health === 'healthy');
  });

  test('a gateway that lost its routes gets them again', async () => {
    await provisioned('routed');
    await kill(gateway, 'SIGTERM');
    await rm(join(world.dataDir, 'gateway'), { recursive: true, force: true });
    gateway = await world.startGateway();
    await until('the page', async () => (await world.visit('routed.localhost', '/sign-in')).status === 200);
  });

  test('an operator that leaves in order lets instances run, and the next one adopts them', async () => {
    const instance = await provisioned('adopted');
    const before = await processesOf(instance.id);
    const begun = performance.now();
    await kill(operator, 'SIGTERM');
    assert.ok(performance.now() - begun < 5000);
    assert.equal((await world.visit('adopted.localhost', '/sign-in')).status, 200);
    operator = await world.startOperator();
    await sleep(2500);
    assert.deepEqual(await processesOf(instance.id), before);
  });

  test('a new release reaches every instance, without a failed request', async () => {
    const instance = await provisioned('updated');
    await kill(operator, 'SIGTERM');
    operator = await world.startOperator({ LMS_RELEASE: 'r2' });
    let failed = 0;
    await until('the new release', async () => {
      if ((await world.visit('updated.localhost', '/sign-in')).status !== 200) failed++;
      return instance.release === 'r2' && instance.openOperation === null;
    });
    assert.equal(failed, 0);
  });

  test('a release that does not start, or whose page fails, is rolled back and not tried again', async () => {
    const instance = await provisioned('faithful');
    for (const [name, reason] of [
      ['crashes', /check-health: .*crashed.*this release crashes/s],
      ['refuses', /check-page: \/sign-in answered 500/],
    ] as const) {
      const seen = new Set(world.ledger.operations.keys());
      await kill(operator, 'SIGTERM');
      operator = await world.startOperator({ LMS_RELEASE: name, LMS_RELEASE_DIR: join(faulty, name) });
      const updates = () => [...world.ledger.operations.values()].filter(({ id }) => !seen.has(id));
      await until(
        'the roll-out to halt',
        () => world.ledger.incidents.filter((key) => key.includes(name)).length === 2,
      );
      for (const update of updates()) {
        assert.equal(update.state, 'rolled_back');
        assert.match(update.error ?? '', reason);
      }
      assert.equal(updates().length, 2);
      assert.equal((await world.visit('faithful.localhost', '/sign-in')).status, 200);
      assert.equal((await processesOf(instance.id)).length, 1);
    }
    await kill(operator, 'SIGTERM');
    operator = await world.startOperator({ LMS_RELEASE: 'r2' });
  });

  test('at Ctrl-C the instances end, and return with the next operator', async () => {
    const instance = await provisioned('night');
    await kill(operator, 'SIGINT');
    assert.deepEqual(await processesOf(instance.id), []);
    operator = await world.startOperator();
    await until('the page', async () => (await world.visit('night.localhost', '/sign-in')).status === 200);
  });
});

describe('the operator is killed in mid-provisioning', () => {
  const moments: [StepName, 'running' | 'succeeded'][] = [
    ['claim-subdomain', 'running'],
    ['create-tenant', 'succeeded'],
    ['mint-identity', 'running'],
    ['start-process', 'running'],
    ['start-process', 'succeeded'],
    ['check-health', 'running'],
    ['go-live', 'running'],
    ['go-live', 'succeeded'],
    ['send-welcome', 'succeeded'],
  ];
  for (const [name, state] of moments)
    test(`at ${name} ${state}: the next one finishes, nothing twice`, async () => {
      const instance = world.ledger.addInstance(`k-${name}-${state}`, world.publicPort);
      const killed = new Promise<void>((resolve, reject) => {
        world.ledger.onStep = (at, how) => {
          if (at !== name || how !== state) return;
          world.ledger.onStep = () => undefined;
          kill(operator).then(resolve, reject);
        };
      });
      const operation = world.ledger.openOperation(instance.id, 'provision');
      await world.notify('operation');
      await killed;
      operator = await world.startOperator();
      assert.equal((await world.ledger.over(operation.id)).state, 'succeeded');
      assert.equal(instance.lifecycle, 'live');
      assert.equal((await processesOf(instance.id)).length, 1);
      assert.equal(world.ledger.keys.get(instance.id)?.size, 1);
      assert.equal(world.ledger.welcomed.filter((id) => id === instance.id).length, 1);
      assert.equal((await world.visit(instance.host, '/sign-in')).status, 200);
    });

  test('while it takes back a failed provisioning: all of it is taken back, and a retry works', async () => {
    const instance = world.ledger.addInstance('k-back', world.publicPort);
    world.ledger.refused.set('sendWelcome', refusal);
    const killed = new Promise<void>((resolve, reject) => {
      world.ledger.onStep = (name, state) => {
        if (name !== 'route' || state !== 'compensated') return;
        world.ledger.onStep = () => undefined;
        kill(operator).then(resolve, reject);
      };
    });
    const failing = world.ledger.openOperation(instance.id, 'provision');
    await world.notify('operation');
    await killed;
    operator = await world.startOperator();
    assert.equal((await world.ledger.over(failing.id)).state, 'failed');
    assert.equal(instance.lifecycle, 'provision_failed');
    assert.deepEqual(await processesOf(instance.id), []);
    assert.ok(!world.ledger.keys.has(instance.id));
    world.ledger.refused.clear();
    const retry = world.ledger.openOperation(instance.id, 'provision');
    await world.notify('operation');
    assert.equal((await world.ledger.over(retry.id)).state, 'succeeded');
  });

  test('while it deletes: nothing is left', async () => {
    const instance = await provisioned('k-delete');
    const killed = new Promise<void>((resolve, reject) => {
      world.ledger.onStep = (name, state) => {
        if (name !== 'purge-data' || state !== 'succeeded') return;
        world.ledger.onStep = () => undefined;
        kill(operator).then(resolve, reject);
      };
    });
    const deletion = world.ledger.openOperation(instance.id, 'delete');
    instance.wanted = 'absent';
    await world.notify('operation');
    await killed;
    operator = await world.startOperator();
    assert.equal((await world.ledger.over(deletion.id)).state, 'succeeded');
    assert.equal(instance.lifecycle, 'purged');
    assert.deepEqual(await processesOf(instance.id), []);
    assert.equal((await world.visit(instance.host, '/sign-in')).status, 404);
  });
});
