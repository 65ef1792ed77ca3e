import { type Route, type RouteTarget, route, type SleepRequest } from '@preau/contract/gateway';
import { z } from 'zod';
import { call } from '../endpoint.ts';

const CONTROL_TIMEOUT_MS = 5_000;

/** The gateway refused or could not be reached. */
export class GatewayError extends Error {
  override name = 'GatewayError';
}

/** The gateway's routes, over its control socket. */
export interface Gateway {
  /** Where this operator is asked for sleepers: every route that it puts says so. */
  readonly operator: string;
  putRoute(host: string, target: RouteTarget): Promise<Route>;
  /** Repeating changes nothing. */
  deleteRoute(host: string): Promise<void>;
  listRoutes(): Promise<Route[]>;
  /** Makes an idle live route a sleeping one; false where the platform is in use or served by another process. */
  sleepRoute(host: string, request: SleepRequest): Promise<boolean>;
  getRoute(host: string): Promise<Route>;
  /** Asks for a page as a browser would, through the public port. */
  get(host: string, path: string): Promise<{ status: number; body: string }>;
}

/**
 * @param control path of the control socket
 * @param publicUrl the public port, as reached from here
 * @param operator path of this operator's own control socket
 */
export function openGateway(control: string, publicUrl: string, operator: string): Gateway {
  const endpoint = `unix:${control}`;

  /** @param answers statuses that are answers, not refusals */
  async function ask(method: string, path: string, json?: unknown, answers: readonly number[] = []) {
    const answer = await call(endpoint, { method, path, json, timeoutMs: CONTROL_TIMEOUT_MS }).catch(
      (cause) => {
        throw new GatewayError(`The gateway's control socket ${control} does not answer.`, { cause });
      },
    );
    if (answer.status >= 400 && !answers.includes(answer.status))
      throw new GatewayError(
        `The gateway refused ${method} ${path}: ${answer.status} ${answer.body.slice(0, 300)}`,
      );
    return answer;
  }

  return {
    operator,
    async putRoute(host, target) {
      const path = `/routes/${encodeURIComponent(host)}`;
      return route.parse(JSON.parse((await ask('PUT', path, { ...target, operator })).body));
    },
    async deleteRoute(host) {
      await ask('DELETE', `/routes/${encodeURIComponent(host)}`, undefined, [404]);
    },
    async sleepRoute(host, request) {
      const answer = await ask('POST', `/routes/${encodeURIComponent(host)}/sleep`, request, [409]);
      return answer.status === 200;
    },
    async listRoutes() {
      return z.object({ items: z.array(route) }).parse(JSON.parse((await ask('GET', '/routes')).body)).items;
    },
    async getRoute(host) {
      return route.parse(JSON.parse((await ask('GET', `/routes/${encodeURIComponent(host)}`)).body));
    },
    async get(host, path) {
      const answer = await call(publicUrl, { path, host, timeoutMs: CONTROL_TIMEOUT_MS }).catch((cause) => {
        throw new GatewayError(`The gateway at ${publicUrl} does not answer.`, { cause });
      });
      return { status: answer.status, body: answer.body };
    },
  };
}
