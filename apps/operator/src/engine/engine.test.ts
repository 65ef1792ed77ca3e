import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { testDatabaseUrl } from '../testing/database.ts';

let database: Awaited<ReturnType<typeof testDatabaseUrl>>;
let client: pg.Client;
const children: ChildProcess[] = [];

before(async () => {
  database = await testDatabaseUrl();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('CREATE TABLE operator.trace (step text, executor text)');
});
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await client.end();
  await database.drop();
});

/** An executor with a workflow of three steps; `hang` makes it stay in the second one. */
async function executor(hang: boolean): Promise<ChildProcess> {
  const script = `
    import { DBOS } from '@dbos-inc/dbos-sdk';
    import pg from 'pg';
    import { startEngine } from ${JSON.stringify(join(import.meta.dirname, 'engine.ts'))};
    import { openLog } from ${JSON.stringify(join(import.meta.dirname, '../log.ts'))};
    const url = ${JSON.stringify(database.url)};
    const client = new pg.Client(url);
    await client.connect();
    const step = (name) => DBOS.runStep(async () => {
      await client.query('INSERT INTO operator.trace VALUES ($1, $2)', [name, DBOS.executorID]);
      if (name === 'two' && ${hang}) await new Promise(() => setInterval(() => undefined, 1000));
    }, { name });
    const workflow = DBOS.registerWorkflow(async () => {
      for (const name of ['one', 'two', 'three']) await step(name);
    }, { name: 'traced' });
    await startEngine(url, 'main', openLog('silent'));
    process.on('message', () => DBOS.startWorkflow(workflow, { workflowID: 'traced-1' })());
    process.send('ready');
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  children.push(child);
  await once(child, 'message');
  return child;
}

const trace = async () =>
  (await client.query('SELECT step FROM operator.trace')).rows.map(({ step }) => step);

test('a living executor takes over what a killed one left; the interrupted step runs again, finished ones do not', async () => {
  const first = await executor(true);
  await executor(false);
  first.send('start');
  while ((await trace()).length < 2) await sleep(20);
  await sleep(2500);
  assert.deepEqual(await trace(), ['one', 'two'], 'a living executor keeps its work');
  first.kill('SIGKILL');
  const end = Date.now() + 8000;
  while ((await trace()).length < 4 && Date.now() < end) await sleep(20);
  assert.deepEqual(await trace(), ['one', 'two', 'two', 'three']);
});
