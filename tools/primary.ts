/**
 * Owns a service's port while the processes that serve it come and go (decision 133). Holds no code of the service:
 * `node tools/primary.ts --control SOCKET --current LINK --main FILE [--flag FLAG]… [--probe PATH]…`
 */
import cluster, { type Worker } from 'node:cluster';
import { realpathSync } from 'node:fs';
import { createServer, get, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import {
  fromWorker,
  handedOver,
  handoverRefused,
  handoverRequest,
  type toWorker,
} from '@preau/contract/handover';
import { listenPrivately } from '@preau/identity/privateSocket';
import type { z } from 'zod';
import { pointTo } from './handover.ts';
import { type Address, holdCallers, type Waiting } from './holding.ts';

/** Migrations are among what a worker does before it is prepared. */
const PREPARE_MS = 180_000;
const PROBE_MS = 10_000;
const RESTART_MS = 1_000;
/** What has served for so long is started again at once. */
const SOUND_MS = 5_000;
/** Longer than a worker gives the answers that are under way. */
const LEAVE_MS = 330_000;

const { values } = parseArgs({
  options: {
    control: { type: 'string' },
    current: { type: 'string' },
    main: { type: 'string' },
    flag: { type: 'string', multiple: true, default: [] },
    probe: { type: 'string', multiple: true, default: [] },
  },
});
const { control, current, main, flag, probe } = values;
if (!control || !current || !main) throw new Error('Say --control, --current and --main.');

interface Serving {
  worker: Worker;
  folder: string;
  since: number;
}

let serving: Serving | undefined;
let busy = false;
let stopping = false;
/** Where the service listens, as its first process said. */
let address: Address | undefined;
let waiting: Waiting | undefined;
const workers = new Set<Worker>();

// Workers accept from one queue: what waits in it when one of them closes is taken by the others.
cluster.schedulingPolicy = cluster.SCHED_NONE;

const tell = (worker: Worker, handover: z.infer<typeof toWorker>['handover']) => worker.send({ handover });

/** Waits for a worker's word. @throws where it ends, or the time does */
function word<T extends 'prepared' | 'serving'>(worker: Worker, wanted: T) {
  type Word = Extract<z.infer<typeof fromWorker>, { handover: T }>;
  return new Promise<Word>((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`was not ${wanted} after ${PREPARE_MS / 1000} s`)),
      PREPARE_MS,
    );
    const done = () => {
      clearTimeout(late);
      worker.off('message', hear).off('exit', ended);
    };
    const hear = (message: unknown) => {
      const { data } = fromWorker.safeParse(message);
      if (data?.handover !== wanted) return;
      done();
      resolve(data as Word);
    };
    const ended = (code: number | null, signal: string | null) => {
      done();
      reject(new Error(`ended before it was ${wanted} (${signal ?? code})`));
    };
    worker.on('message', hear).on('exit', ended);
  });
}

function look(port: number, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = get({ host: '127.0.0.1', port, path, agent: false, timeout: PROBE_MS }, (answer) => {
      answer.resume();
      if (answer.statusCode === 200) resolve();
      else reject(new Error(`answered ${answer.statusCode} for ${path}`));
    });
    call.on('timeout', () => call.destroy(new Error(`did not answer ${path} within ${PROBE_MS / 1000} s`)));
    call.on('error', reject);
  });
}

/** Starts a worker; resolves when it serves. @throws with why it does not; it is gone then */
async function open(folder: string): Promise<Serving> {
  cluster.setupPrimary({ exec: join(folder, main ?? ''), execArgv: flag, args: [], cwd: folder });
  const worker = cluster.fork();
  workers.add(worker);
  worker.once('exit', (code, signal) => {
    workers.delete(worker);
    if (serving?.worker !== worker || stopping) return;
    console.error(`the process that served ended (${signal ?? code}); starting it again`);
    const sound = performance.now() - serving.since > SOUND_MS;
    serving = undefined;
    if (address) waiting ??= holdCallers(address);
    restart(sound ? 0 : RESTART_MS);
  });
  worker.on('listening', ({ address: host, port, addressType }) => {
    // What it listens on beside, a socket in a folder, its callers know how to do without.
    if (addressType === 4 || addressType === 6) address = { host, port };
  });
  try {
    const { port } = await word(worker, 'prepared');
    for (const path of probe) await look(port, path);
    // Two sockets cannot listen there at once, and the worker's comes from the kernel anew.
    await waiting?.close();
    tell(worker, 'serve');
    await word(worker, 'serving');
    waiting?.lead();
    waiting = undefined;
    return { worker, folder, since: performance.now() };
  } catch (error) {
    worker.process.kill('SIGKILL');
    throw error;
  }
}

function restart(delayMs = RESTART_MS): void {
  setTimeout(() => {
    if (stopping || serving || busy) return;
    open(realpathSync(current ?? '')).then(
      (opened) => {
        serving = opened;
      },
      (error: Error) => {
        console.error(`it ${error.message}; trying again`);
        restart();
      },
    );
  }, delayMs);
}

/** @throws with why the former process goes on */
async function handOver(folder: string): Promise<z.infer<typeof handedOver>> {
  if (busy) throw new Error('another change is under way');
  busy = true;
  const began = performance.now();
  const former = serving;
  try {
    const next = await open(folder);
    serving = next;
    pointTo(current ?? '', folder);
    if (former && workers.has(former.worker)) {
      tell(former.worker, 'leave');
      setTimeout(() => former.worker.process.kill('SIGKILL'), LEAVE_MS).unref();
    }
    const milliseconds = Math.round(performance.now() - began);
    return { folder, former: former?.folder ?? '', milliseconds };
  } finally {
    busy = false;
    // It may have ended meanwhile.
    if (!serving) restart();
  }
}

function answer(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

const controlServer = createServer((request, response) => {
  if (request.method !== 'POST' || request.url !== '/handover')
    return void answer(response, 404, handoverRefused.parse({ detail: 'no such operation' }));
  json(request)
    .then((body) => handOver(realpathSync(handoverRequest.parse(body).folder)))
    .then(
      (done) => answer(response, 200, handedOver.parse(done)),
      (error: Error) => answer(response, 409, handoverRefused.parse({ detail: error.message })),
    );
});

const stop = () => {
  stopping = true;
  controlServer.close();
  const left = [...workers];
  if (left.length === 0) process.exit(0);
  for (const worker of left) {
    worker.once('exit', () => workers.size === 0 && process.exit(0));
    worker.process.kill('SIGTERM');
  }
};
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);

try {
  serving = await open(realpathSync(current));
  await listenPrivately(controlServer, control);
} catch (error) {
  console.error(error instanceof Error ? `it ${error.message}` : error);
  process.exit(1);
}
