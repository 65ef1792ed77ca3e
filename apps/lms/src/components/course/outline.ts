import type { OutlineActivity, OutlineModule } from '@preau/contract/tenant/learning';
import { type Html, html } from '@/html/html';
import { sign } from '@/html/icon';
import { formatMinutes } from '@/i18n/format';
import type { Visit } from '@/server/visitor';
import { lockText } from './locks';

const stateSign = ({ state }: OutlineActivity, { t }: Visit) => sign(state, t(`course.state.${state}`));

/** The one reason why a whole module is locked, so that it is said once. */
function sharedLock({ activities }: OutlineModule, visit: Visit): string {
  const texts = new Set(activities.map((activity) => lockText(activity, visit)));
  const [only = ''] = texts;
  return texts.size === 1 ? only : '';
}

function row(activity: OutlineActivity, linked: boolean, shared: string, visit: Visit): Html {
  const { t } = visit;
  const locked = activity.state === 'locked';
  const kind = t(`course.${activity.type}`);
  const minutes = formatMinutes(activity.minutes);
  const reason = linked && locked && !shared ? lockText(activity, visit) : '';
  const title =
    linked && !locked
      ? html`<a href="/activities/${activity.id}">${activity.title}</a>`
      : html`<span>${activity.title}</span>`;
  return html`<li${locked && linked && html` class="locked"`}>${linked && stateSign(activity, visit)}<div>${title}${reason && html`<small>${reason}</small>`}</div><small>${minutes ? `${kind} · ${minutes}` : kind}</small></li>`;
}

/**
 * The programme on the course page: modules, activities, how far one is, and why something is locked.
 * @param linked whether the activities are links: for those who are enrolled
 */
export function courseOutline(modules: OutlineModule[], linked: boolean, visit: Visit): Html {
  return html`${modules.map((module, index) => {
    const shared = linked ? sharedLock(module, visit) : '';
    const rows = module.activities.map((activity) => row(activity, linked, shared, visit));
    const lead = [module.summary, shared].filter(Boolean).map((text) => html`<p>${text}</p>`);
    return html`<li><div class="module"><div><h3><span>${index + 1}.</span> ${module.title}</h3>${lead}</div>${linked && module.completed && sign('completed', visit.t('course.moduleDone'))}</div><ul>${rows}</ul></li>`;
  })}`;
}

/** The same beside what one reads: shorter, with the place where one is. */
export function playerOutline(modules: OutlineModule[], here: string, visit: Visit): Html {
  return html`${modules.map((module) => {
    const shared = sharedLock(module, visit);
    const rows = module.activities.map((activity) => {
      const drawn = stateSign(activity, visit);
      if (activity.state === 'locked') {
        const reason = shared ? '' : lockText(activity, visit);
        return html`<li><span>${drawn}<span>${activity.title}${reason && html`<small>${reason}</small>`}</span></span></li>`;
      }
      return html`<li><a href="/activities/${activity.id}"${activity.id === here && html` aria-current="page"`}>${drawn}<span>${activity.title}</span></a></li>`;
    });
    return html`<li><p>${module.title}${shared && html`<small>${shared}</small>`}</p><ul>${rows}</ul></li>`;
  })}`;
}
