import type { ActivityPage } from '@preau/contract/tenant/learning';
import { contentFrame } from '@/components/player/contentFrame';
import {
  barStyle,
  columnStyle,
  heading,
  outline,
  outlineBar,
  outlineStyle,
  titleOf,
  wideColumnStyle,
} from '@/components/player/frame';
import { nextAction, nextStyle } from '@/components/player/next';
import { quizEntrance } from '@/components/quiz/entrance';
import { type Answer, type Asked, formProblem, refused } from '@/documents/document';
import { type Loaded, load } from '@/documents/load';
import { type Html, html } from '@/html/html';
import { richText } from '@/richText/content';
import { backend } from '@/server/backend';
import type { Visit } from '@/server/visitor';

/** A lesson, a package, or the way into a quiz. Its form completes the one and starts the other. */
export async function activityPage({ path, form, visit }: Asked, activityId: string): Promise<Answer> {
  let problem: Html | null = null;
  let status = 200;
  if (form) {
    const carried = await carryOut(path, form, visit, activityId);
    if ('to' in carried) return carried;
    if ('data' in carried) return { to: carried.data };
    problem = formProblem(carried.problem, visit);
    status = carried.problem.status;
  }
  const loaded = await load(path, visit, backend().getActivity({ ...visit.call, params: { activityId } }));
  if ('to' in loaded) return loaded;
  if ('problem' in loaded) return refused(loaded.problem, 'courses', visit);
  const page = loaded.data;
  const content = page.type === 'quiz' ? await quiz(page, visit, problem) : study(page, visit, problem);
  return {
    status,
    title: titleOf(page),
    area: 'courses',
    wide: true,
    body: html`<div class="flex flex-1"><nav id="outline" popover aria-label="${visit.t('player.outline')}" class="${outlineStyle}">${outline(page, visit)}</nav><main id="content" class="min-w-0 flex-1"><div class="${barStyle}">${outlineBar(page, visit)}</div><div class="${page.type === 'package' ? wideColumnStyle : columnStyle}">${heading(page, visit)}${content}</div></main></div>`,
  };
}

/** @returns where to go on */
function carryOut(
  path: string,
  form: URLSearchParams,
  visit: Visit,
  activityId: string,
): Promise<Loaded<string>> {
  const call = { ...visit.call, params: { activityId } };
  const done = form.has('course')
    ? backend()
        .saveProgress({ ...call, body: { completed: true, position: 1 } })
        .then(({ unlocked, courseCompleted, credentialCode }) => {
          const next = form.get('next');
          if (next && (!form.get('locked') || unlocked.includes(next)))
            return `/activities/${encodeURIComponent(next)}`;
          if (courseCompleted && credentialCode) return `/certificates/${credentialCode}`;
          return `/courses/${encodeURIComponent(form.get('course') ?? '')}`;
        })
    : backend()
        .startAttempt(call)
        .then(({ id }) => `/activities/${activityId}/attempts/${id}`);
  return load(path, visit, done);
}

/** What one reads or tries out, and how far one is. */
function study(page: ActivityPage, { t, locale }: Visit, problem: Html | null): Html {
  const done = page.state === 'completed' || page.preview;
  const content = page.content
    ? richText(page.content, locale)
    : page.frame
      ? contentFrame(page.frame.url, page.title, t)
      : html`<p class="text-ink-soft">${t(page.type === 'package' ? 'player.noPackage' : 'player.noContent')}</p>`;
  // What browser/lesson.ts reads.
  const tracked =
    !page.preview &&
    page.enrolmentId !== null &&
    html` data-record="${page.id}"${page.completion === 'viewed' && page.state !== 'completed' && html` data-completes`}`;
  const said = html`<div id="reading" role="status" class="pointer-events-none fixed inset-x-0 bottom-4 z-20 flex justify-center px-4 *:pointer-events-auto *:rounded-full *:border *:border-line *:bg-raised *:px-4 *:py-2 *:text-sm *:shadow-float"></div><template id="reading-words"><p data-said="resumed" class="flex items-center gap-3">${t('player.resumed')} <button type="button" class="font-semibold text-brand-text underline">${t('player.fromStart')}</button></p><p data-said="failed" class="text-danger-text">${t('player.saveFailed')}</p><p data-said="done" class="animate-[fade_4s_forwards] text-success-text">${t('player.done')}</p></template>`;
  return html`<article id="lesson" data-position="${page.position}"${tracked}>${content}</article><div class="${nextStyle}">${nextAction(page, t, !done, problem)}</div>${said}`;
}

async function quiz(page: ActivityPage, visit: Visit, problem: Html | null): Promise<Html> {
  const goesOn = page.quiz?.passed || page.state === 'completed' || !page.nextLocked;
  const next =
    page.quiz && goesOn && html`<div class="${nextStyle}">${nextAction(page, visit.t, false, null)}</div>`;
  return html`${await quizEntrance(page, visit, problem)}${next}`;
}
