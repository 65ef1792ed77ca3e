import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { jsonText } from '@preau/contract/jsonText';
import { z } from 'zod';
import { type Answer, call } from '../endpoint.ts';
import { DriverError } from './driver.ts';

/** Engine API 1.41 (Docker 20.10): the oldest that knows `one-shot` statistics. */
const VERSION = '/v1.41';
const TIMEOUT_MS = 60_000;
const RECONNECT_MS = 1_000;
const FRAME_HEADER_BYTES = 8;

const refusal = z.object({ message: z.string() });
const container = z.object({
  State: z.object({
    Status: z.enum(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']),
    StartedAt: z.string(),
  }),
  Config: z.object({ Labels: z.record(z.string(), z.string()) }),
});
const listed = z.array(z.object({ Labels: z.record(z.string(), z.string()) }));
const statistics = z.object({
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: z.number() }) }),
  memory_stats: z.object({
    usage: z.number().optional(),
    stats: z.record(z.string(), z.number()).optional(),
  }),
});
const network = z.object({ IPAM: z.object({ Config: z.array(z.object({ Gateway: z.string() })) }) });
const death = z.object({ Actor: z.object({ Attributes: z.record(z.string(), z.string()) }) });

export type Container = z.infer<typeof container>;

/** What `POST /containers/create` is given; see the Engine API for the meaning of each. */
export interface Creation {
  Image: string;
  User: string;
  Env: string[];
  Cmd: string[];
  Labels: Record<string, string>;
  Healthcheck: { Test: string[]; Interval: number; Timeout: number; Retries: number };
  HostConfig: Record<string, unknown>;
}

/** The part of a Docker engine's API that a driver needs, on the engine's Unix socket. */
export class DockerEngine {
  readonly #socket: string;

  constructor(socket: string) {
    this.#socket = socket;
  }

  /** @throws DriverError where no engine answers */
  async ping(): Promise<void> {
    try {
      await this.#ask('GET', '/_ping');
    } catch (cause) {
      throw new DriverError(
        `No Docker engine answers on ${this.#socket}. Start one, set DOCKER_SOCKET, or use DRIVER=process. (${cause})`,
      );
    }
  }

  /**
   * A bridge without a way between its containers.
   * @returns the host's address on it
   */
  async ensureNetwork(name: string): Promise<string> {
    const created = await this.#ask(
      'POST',
      '/networks/create',
      {
        Name: name,
        CheckDuplicate: true,
        Internal: true,
        Options: { 'com.docker.network.bridge.enable_icc': 'false' },
      },
      [409],
    );
    const { body } = await this.#ask('GET', `/networks/${name}`);
    const gateway = network.parse(JSON.parse(body)).IPAM.Config[0]?.Gateway;
    if (!gateway)
      throw new DriverError(`The network ${name} has no address for this machine (${created.status}).`);
    return gateway.replace(/\/\d+$/, '');
  }

  /** @throws DriverError where the image is not there: an engine's own error is of no help then */
  async create(name: string, creation: Creation): Promise<void> {
    const { status } = await this.#ask('POST', `/containers/create?name=${name}`, creation, [404]);
    if (status === 404)
      throw new DriverError(
        `The engine has no image ${creation.Image}: start the platform with \`DRIVER=docker npm start\`, which makes it.`,
      );
  }

  /** Repeating changes nothing. */
  async start(name: string): Promise<void> {
    await this.#ask('POST', `/containers/${name}/start`, undefined, [304]);
  }

  /** SIGTERM, then SIGKILL after so many seconds; resolves when it has ended. */
  async stop(name: string, seconds: number): Promise<void> {
    await this.#ask('POST', `/containers/${name}/stop?t=${seconds}`, undefined, [304, 404], seconds * 1000);
  }

  async remove(name: string): Promise<void> {
    // 409: somebody else is removing it already.
    await this.#ask('DELETE', `/containers/${name}?force=true&v=true`, undefined, [404, 409]);
  }

  async inspect(name: string): Promise<Container | undefined> {
    const { status, body } = await this.#ask('GET', `/containers/${name}/json`, undefined, [404]);
    return status === 404 ? undefined : container.parse(JSON.parse(body));
  }

  /** Labels of every container, running or not, that has this one. */
  async list(label: string): Promise<Record<string, string>[]> {
    const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
    const { body } = await this.#ask('GET', `/containers/json?all=true&filters=${filters}`);
    return listed.parse(JSON.parse(body)).map(({ Labels }) => Labels);
  }

  async stats(name: string): Promise<{ memoryBytes: number; cpuSeconds: number } | null> {
    const { status, body } = await this.#ask(
      'GET',
      `/containers/${name}/stats?stream=false&one-shot=true`,
      undefined,
      [404, 409],
    );
    if (status !== 200) return null;
    const { cpu_stats, memory_stats } = statistics.parse(JSON.parse(body));
    const { usage, stats = {} } = memory_stats;
    if (usage === undefined) return null;
    // Pages of files can be had back at any time: `docker stats` leaves them out, too.
    const files = stats.total_inactive_file ?? stats.inactive_file ?? 0;
    return { memoryBytes: usage - files, cpuSeconds: cpu_stats.cpu_usage.total_usage / 1e9 };
  }

  async logs(name: string, lines: number): Promise<string[]> {
    const path = `/containers/${name}/logs?stdout=true&stderr=true&tail=${lines}`;
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    request({ socketPath: this.#socket, path: VERSION + path, headers: { host: 'docker' } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => resolve(answer.statusCode === 200 ? Buffer.concat(chunks) : Buffer.alloc(0)));
    })
      .on('error', reject)
      .end();
    return unframed(await promise)
      .split('\n')
      .filter(Boolean)
      .slice(-lines);
  }

  /** Calls back when a container with the label ends, until the returned function is called. Some may be missed. */
  onDeath(label: string, listener: (labels: Record<string, string>) => void): () => void {
    const filters = encodeURIComponent(
      JSON.stringify({ type: ['container'], event: ['die'], label: [label] }),
    );
    const ended = new AbortController();
    const follow = async () => {
      while (!ended.signal.aborted) {
        await this.#lines(`/events?filters=${filters}`, ended.signal, (line) => {
          const event = death.safeParse(JSON.parse(line));
          if (event.success) listener(event.data.Actor.Attributes);
        }).catch(() => undefined);
        await sleep(RECONNECT_MS, undefined, { signal: ended.signal, ref: false }).catch(() => undefined);
      }
    };
    void follow();
    return () => ended.abort();
  }

  async #lines(path: string, signal: AbortSignal, take: (line: string) => void): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const options = { socketPath: this.#socket, path: VERSION + path, headers: { host: 'docker' }, signal };
    request(options, (answer) => {
      let rest = '';
      answer.setEncoding('utf8');
      answer.on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines.filter(Boolean)) take(line);
      });
      answer.on('error', reject);
      answer.on('end', resolve);
    })
      // Listening keeps nobody from ending.
      .on('socket', (socket) => socket.unref())
      .on('error', reject)
      .end();
    await promise;
  }

  async #ask(
    method: string,
    path: string,
    json?: unknown,
    alsoFine: number[] = [],
    besidesMs = 0,
  ): Promise<Answer> {
    const answer = await call(`unix:${this.#socket}`, {
      method,
      path: VERSION + path,
      host: 'docker',
      json,
      timeoutMs: TIMEOUT_MS + besidesMs,
    });
    if (answer.status < 300 || alsoFine.includes(answer.status)) return answer;
    const said = jsonText.pipe(refusal).safeParse(answer.body);
    throw new Error(`The Docker engine refuses ${method} ${path}: ${said.data?.message ?? answer.status}`);
  }
}

/** Output of both kinds comes in frames, each behind a header that ends with its length (Engine API, "attach"). */
function unframed(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at + FRAME_HEADER_BYTES <= bytes.length; ) {
    const length = bytes.readUInt32BE(at + 4);
    text += bytes.toString('utf8', at + FRAME_HEADER_BYTES, at + FRAME_HEADER_BYTES + length);
    at += FRAME_HEADER_BYTES + length;
  }
  return text;
}
