import { setTimeout as sleep } from 'node:timers/promises';
import { cookieName } from '@preau/contract/cookieName';
import type { EndpointTraffic } from '@preau/contract/gateway';
import { call } from '../endpoint.ts';
import type { Context, Subject } from './context.ts';
import { Regression, type Step, StepFailure } from './step.ts';
import { checkPage, hostHeader, otherSlot, PAGE, PAGE_TIMEOUT_MS } from './steps.ts';

const CATALOGUE = '/catalogue';
const COURSE_LINK = /href="(\/courses\/[^"?#]+)"/;
const LOOK_MS = 500;
/** One error may be anybody's; so many are not. */
const MIN_ERRORS = 3;
/** How many more of a hundred answers may be errors. */
const MORE_ERRORS = 0.01;
/** What has met errors, too few to judge by, is watched for so many times longer. */
const DOUBT_TIMES = 6;
/** Fewer answers say nothing about a percentile. */
const MIN_ANSWERS = 50;
const SLOWER_TIMES = 2;
/** A fresh process compiles its code while it answers. */
const SLOWER_MS = 250;

/** Beside the log-in page: the catalogue and its first course as a visitor gets them, a course and a lesson as a person does. */
export const checkPages: Step = {
  name: 'check-page',
  async ensure(context, subject) {
    await checkPage.ensure(context, subject);
    const catalogue = await compared(context, subject, CATALOGUE);
    const course = COURSE_LINK.exec(catalogue)?.[1];
    if (course) await compared(context, subject, course);
    const { instance } = subject;
    const { token, pages } = await context.backend.openProbe({ params: { instanceId: instance.id } });
    const cookie = `${cookieName('session', instance.url)}=${token}`;
    for (const page of pages) await compared(context, subject, page, cookie);
  },
};

/**
 * A page of the new process. What the former one refuses as well is no fault of the release; where there is no former
 * one (the platform slept), only an error of the server's own is.
 */
async function compared(
  { driver, gate }: Context,
  { instance, slot }: Subject,
  path: string,
  cookie?: string,
): Promise<string> {
  const ask = async (of: typeof slot) => {
    const { endpoint } = await driver.inspect(instance.id, of);
    return endpoint
      ? call(endpoint, {
          path,
          host: hostHeader(instance),
          headers: cookie ? { cookie } : {},
          timeoutMs: PAGE_TIMEOUT_MS,
        })
      : undefined;
  };
  const leave = await gate.enter('ahead');
  const answer = await ask(slot).finally(leave);
  if (!answer) throw new StepFailure('The process ended before its first pages.');
  if (answer.status < 400) return answer.body;
  const former = await ask(otherSlot(slot)).catch(() => undefined);
  if (former ? former.status === answer.status : answer.status < 500) return '';
  throw new StepFailure(
    `${path} answered ${answer.status}, the former release ${former?.status ?? 'nothing'}.`,
  );
}

/**
 * Watches what visitors get from the new process, and asks for a page itself where there are none; the former process
 * still runs and takes them back if this fails.
 */
export const compare: Step = {
  name: 'compare',
  since: 'compare',
  async ensure({ gateway, compareMs }, { instance }) {
    const begun = performance.now();
    for (;;) {
      const page = await gateway.get(hostHeader(instance), PAGE);
      if (page.status >= 500) throw new Regression(`${PAGE} answered ${page.status} after the swap.`);
      const { serving, former } = await gateway.getRoute(instance.host);
      const watched = performance.now() - begun;
      const over = watched >= compareMs;
      const worse = serving && whyWorse(serving, former, over);
      if (worse) throw new Regression(worse);
      const doubt = serving && isDoubtful(serving, former) && watched < compareMs * DOUBT_TIMES;
      if (over && !doubt) return serving ? `${wordsOf(former)} → ${wordsOf(serving)}` : undefined;
      await sleep(LOOK_MS);
    }
  },
};

/**
 * Why the new process is worse than the former one; undefined where it is not.
 * @param over times are compared in the end only, when the process has compiled what it needs
 */
export function whyWorse(
  serving: EndpointTraffic,
  former: EndpointTraffic | null,
  over: boolean,
): string | undefined {
  if (serving.serverErrors >= MIN_ERRORS && failsMore(serving, former))
    return `The new process answers more errors: ${wordsOf(former)} → ${wordsOf(serving)}`;
  if (!over || !former || Math.min(serving.requests, former.requests) < MIN_ANSWERS) return undefined;
  const [now, before] = [serving.p95Ms, former.p95Ms];
  if (now === null || before === null) return undefined;
  if (now > Math.max(before * SLOWER_TIMES, before + SLOWER_MS))
    return `The new process is slower: ${wordsOf(former)} → ${wordsOf(serving)}`;
  return undefined;
}

/** Whether the new process has failed more than the former one, on a platform that is too little used to say so. */
export function isDoubtful(serving: EndpointTraffic, former: EndpointTraffic | null): boolean {
  return serving.serverErrors > 0 && serving.serverErrors < MIN_ERRORS && failsMore(serving, former);
}

function failsMore(serving: EndpointTraffic, former: EndpointTraffic | null): boolean {
  const shareOf = (traffic: EndpointTraffic | null) =>
    traffic && traffic.requests > 0 ? traffic.serverErrors / traffic.requests : 0;
  return shareOf(serving) > shareOf(former) + MORE_ERRORS;
}

function wordsOf(traffic: EndpointTraffic | null): string {
  if (!traffic) return '–';
  const p95 = traffic.p95Ms === null ? '' : `, p95 ${Math.round(traffic.p95Ms)} ms`;
  return `5xx ${traffic.serverErrors}/${traffic.requests}${p95}`;
}
