import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { json } from 'node:stream/consumers';
import { claim } from '@preau/contract/standby';
import { generateKey } from '@preau/identity';
import type { Instance } from '../src/server/instance.ts';
import { neutralSite } from '../src/server/neutralSite.ts';
import type { Application } from './application.ts';
import { publishNobody } from './instance.ts';
import { log } from './log.ts';
import { readSettings, type Settings, type StandbySettings } from './settings.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';
/** What newcomers and learners meet first. Without a backend the latter two draw that it cannot be reached. */
const paths = ['/sign-in', '/catalogue', '/courses/x'];
/** The second time in a language is drawn from what the first one left compiled. */
const visits = ['fr', 'en', 'fr', 'en'].flatMap((language) => paths.map((path) => ({ language, path })));
/** Where Next reads a tenant's key while there is no tenant, it fails, and with it the warming. */
const NO_KEY = 'not claimed: no key';

/**
 * Draws the first pages for nobody, then waits at a private socket for the one claim of this process.
 * @param become turns the process into an instance
 */
export async function standBy(
  application: Application,
  { STANDBY: socket, RELEASE: release }: StandbySettings,
  become: (settings: Settings) => Promise<Instance>,
): Promise<void> {
  process.title = 'preau standby';
  process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY = NO_KEY;
  const warming = join(dirname(socket), 'warm');
  const { environment } = claim.parse({ environment: await nobodysEnvironment(release, warming) });
  await warm(application, publishNobody(readSettings(environment), answerOf), warming);
  let taken = false;

  async function take(asked: IncomingMessage): Promise<Instance> {
    const { environment } = claim.parse(await json(asked));
    const settings = readSettings(environment);
    if (settings.RELEASE !== release) throw new Error(`This is release ${release}, not ${settings.RELEASE}.`);
    return become(settings);
  }

  const server = createServer((asked, response) => {
    if (asked.method === 'GET' && asked.url === '/healthz')
      return say(response, taken ? 409 : 200, { status: 'standby', release });
    if (asked.method !== 'POST' || asked.url !== '/claim') return say(response, 404, {});
    if (taken) return say(response, 409, {});
    // Before anything else: what comes after may wait, and a second claim may come meanwhile.
    taken = true;
    take(asked).then(
      ({ id, release }) => {
        say(response, 200, { instance: id, release });
        server.close();
        log('info', 'claimed');
      },
      (error: unknown) => {
        // Half of an identity is none: this process is nobody's any more.
        log('error', `cannot become an instance: ${error instanceof Error ? error.message : String(error)}`);
        say(response, 400, {});
        response.once('close', () => process.exit(1));
      },
    );
  });
  server.listen(socket);
  await once(server, 'listening');
  log('info', 'standing by', { milliseconds: Math.round(performance.now()) });
}

/** As the operator would send it: what a claim reads, signs and draws is then compiled before there is one. */
async function nobodysEnvironment(release: string, socket: string): Promise<Record<string, string>> {
  return {
    INSTANCE_ID: NOBODY,
    TENANT_ID: NOBODY,
    RELEASE: release,
    BACKEND_URL: 'http://nobody.invalid',
    PREAU_PUBLIC_URL: 'http://nobody.invalid',
    PLATFORM_URL: 'http://nobody.invalid',
    LISTEN: socket,
    INSTANCE_KEY: JSON.stringify(await generateKey(`instance:${NOBODY}`, 'nobody')),
  };
}

/** What a backend would say of nobody's platform. */
const site = neutralSite('Préau');
const answerOf = (path: string) => (path === '/v1/site' ? site : undefined);

async function warm(application: Application, nobody: Instance, socket: string): Promise<void> {
  const listener = await application.listen(socket, nobody);
  for (const { language, path } of visits) {
    const status = await visit(socket, path, language);
    if (path === '/sign-in' && status !== 200)
      throw new Error(`${path} answered ${status} while warming up.`);
  }
  await listener.close();
}

/** Asks for a page as a browser would, to the end. */
async function visit(socketPath: string, path: string, language: string): Promise<number | undefined> {
  const headers = { host: 'nobody.invalid', cookie: `locale=${language}`, 'accept-encoding': 'br' };
  const asked = request({ socketPath, path, headers, agent: false }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  return answer.statusCode;
}

function say(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    Connection: 'close',
  });
  response.end(JSON.stringify(body));
}
