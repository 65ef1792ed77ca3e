import { createHash } from 'node:crypto';
import { drawing } from '@preau/design/drawing';
import { Html, html } from '@preau/design/html';
import { plainSheet } from '@preau/design/plainSheet';
import type { Component, ComponentName, Day, History, Outage } from '../history.ts';
import { type Language, words } from './words.ts';

const mark = drawing('mark');
const sheet = `${plainSheet()}
*,::before,::after{box-sizing:border-box}
body{margin:0;min-height:100dvh}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:1rem;background:var(--surface);color:var(--ink);padding:.5rem 1rem}
header{display:flex;align-items:center;justify-content:space-between;gap:1rem;max-width:60rem;margin:0 auto;padding:1rem clamp(1rem,4vw,2rem)}
header a{display:inline-flex;align-items:center;gap:.6rem;min-height:44px;color:var(--ink)}
header a.brand{font:650 1.2rem var(--face-heading);text-decoration:none}
main{max-width:60rem;margin:0 auto;padding:.5rem clamp(1rem,4vw,2rem) 4rem}
h1{font-size:clamp(1.73rem,1.4rem + 1.5vw,2.44rem);margin:0 0 1rem}
h2{font-size:1.2rem;margin:0}
p{margin:0}
a{color:var(--brand-text);text-underline-offset:.2em}
.overall{display:flex;align-items:center;gap:.75rem;padding:1rem 1.25rem;border:1px solid;border-radius:var(--radius);font-weight:600;font-size:1.1rem;margin:0 0 1.5rem}
.overall.good{background:var(--success-soft);border-color:var(--success-line);color:var(--success-text)}
.overall.slow,.overall.unknown{background:var(--warning-soft);border-color:var(--warning-line);color:var(--warning-text)}
.overall.bad{background:var(--danger-soft);border-color:var(--danger-line);color:var(--danger-text)}
.card{background:var(--surface);border:1px solid var(--line);border-radius:var(--radius);padding:1.25rem;margin:0 0 1rem}
.row{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:.25rem 1rem}
.soft{color:var(--ink-soft);font-size:.94rem}
.badge{font-size:.85rem;font-weight:600;padding:.1rem .6rem;border-radius:99px;border:1px solid var(--line);background:var(--sunken);white-space:nowrap}
.badge.good{background:var(--success-soft);border-color:var(--success-line);color:var(--success-text)}
.badge.slow{background:var(--warning-soft);border-color:var(--warning-line);color:var(--warning-text)}
.badge.bad{background:var(--danger-soft);border-color:var(--danger-line);color:var(--danger-text)}
svg.days{display:block;width:100%;height:2.25rem;margin:.9rem 0 .25rem}
.none{fill:var(--line)}.all{fill:var(--brand)}.some{fill:var(--warning)}.much{fill:var(--danger)}
.green{fill:var(--brand)}.ochre{fill:var(--accent)}
ul{list-style:none;margin:.75rem 0 0;padding:0;display:grid;gap:.6rem}
.links{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;margin:1.5rem 0 0}
.links a{display:inline-flex;align-items:center;min-height:44px}`;

/** Ours, and safe: escaping would break its quotes. */
const rawSheet = new Html(sheet);
const prolog = new Html('<?xml version="1.0" encoding="utf-8"?>\n');
const digest = createHash('sha256').update(sheet).digest('base64');
export const policy = `default-src 'none'; style-src 'sha256-${digest}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export interface Scene {
  history: History;
  components: readonly ComponentName[];
  publicUrl: string;
  /** Of this page itself. */
  origin: string;
  now: number;
}

/** The worst of what is shown; waiting only where nothing is known yet. */
export function overall(history: History, components: readonly ComponentName[]): Component['state'] {
  const states = components.map((name) => history.component(name).state);
  return (['bad', 'slow', 'good'] as const).find((state) => states.includes(state)) ?? 'unknown';
}

const localeOf = (language: Language) => (language === 'fr' ? 'fr-FR' : 'en-GB');
const when = (instant: string, language: Language) =>
  new Intl.DateTimeFormat(localeOf(language), {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'Europe/Paris',
  }).format(new Date(instant));
const dayWords = (day: string, language: Language) =>
  new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'medium', timeZone: 'UTC' }).format(
    new Date(`${day}T12:00:00Z`),
  );

/** The share of looks that found it there; never rounded up to all. */
export function shareOf(days: readonly (Day | undefined)[]): number | undefined {
  const sum = (key: 'good' | 'slow' | 'bad') => days.reduce((total, day) => total + (day?.[key] ?? 0), 0);
  const there = sum('good') + sum('slow');
  return there + sum('bad') === 0 ? undefined : Math.floor((there / (there + sum('bad'))) * 10_000) / 10_000;
}
const percent = (share: number | undefined, language: Language) =>
  share?.toLocaleString(localeOf(language), { style: 'percent', maximumFractionDigits: 2 });

/** How long an outage lasted, or lasts, in whole minutes. */
const minutesOf = ({ startedAt, endedAt }: Outage, now: number) =>
  Math.max(1, Math.round(((endedAt ? Date.parse(endedAt) : now) - Date.parse(startedAt)) / 60_000));

function bars(name: ComponentName, { history, now }: Scene, language: Language): Html {
  const say = words[language];
  const days = history.days(name, now);
  const share = percent(shareOf(days.map(({ found }) => found)), language);
  return html`<p class="row soft"><span>${say.days}</span><span>${share ? say.share(share) : say.unmeasured}</span></p>
<svg class="days" viewBox="0 0 ${days.length * 10} 36" preserveAspectRatio="none" role="img" aria-label="${say.days}. ${
    share ? say.share(share) : say.unmeasured
  }">${days.map(({ day, found }, index) => {
    const part = shareOf([found]);
    const look = part === undefined ? 'none' : part === 1 ? 'all' : part >= 0.98 ? 'some' : 'much';
    return html`<rect x="${index * 10 + 1}" width="8" height="36" rx="2" class="${look}"><title>${say.day(
      dayWords(day, language),
      percent(part, language),
    )}</title></rect>`;
  })}</svg>
<p class="row soft"><span>${say.ago}</span><span>${say.today}</span></p>`;
}

/** The whole page in one answer; it works without scripts, because there are none. */
export function page(scene: Scene, language: Language): Html {
  const { history, components, publicUrl, now } = scene;
  const say = words[language];
  const state = overall(history, components);
  const other = language === 'fr' ? 'en' : 'fr';
  const feed = language === 'fr' ? '/feed.atom' : '/en/feed.atom';
  const home = language === 'fr' ? `${publicUrl}/` : `${publicUrl}/en`;
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${say.title} – Préau</title>
<meta name="description" content="${say.overall[state]}">
<link rel="icon" href="data:,">
<link rel="alternate" type="application/atom+xml" title="${say.title}" href="${feed}">
<link rel="alternate" hreflang="${other}" href="${other === 'fr' ? '/' : '/en'}">
<style>${rawSheet}</style>
</head>
<body>
<a class="skip" href="#content">${say.skip}</a>
<header><a class="brand" href="${home}">${mark}${say.home}</a><a href="${
    other === 'fr' ? '/' : '/en'
  }" lang="${other}" hreflang="${other}">${say.otherLanguage}</a></header>
<main id="content" tabindex="-1">
<h1>${say.title}</h1>
<p class="overall ${state}" role="status">${say.overall[state]}</p>
${components.map((name) => {
  const { state: found, checkedAt } = history.component(name);
  return html`<section class="card">
<div class="row"><h2>${say.component[name].name}</h2><span class="badge ${found}">${say.state[found]}</span></div>
<p class="soft">${say.component[name].text} ${checkedAt ? say.checked(when(checkedAt, language)) : say.never}</p>
${bars(name, scene, language)}
</section>`;
})}
<section class="card"><h2>${say.outages}</h2>
${
  history.outages.length === 0
    ? html`<p class="soft">${say.noOutages}</p>`
    : html`<ul>${history.outages.map(
        (outage) =>
          html`<li><strong>${say.outage(say.component[outage.component].name)}</strong><br><span class="soft"><time datetime="${
            outage.startedAt
          }">${when(outage.startedAt, language)}</time> · ${
            outage.endedAt ? say.lasted(minutesOf(outage, now)) : say.going
          }</span></li>`,
      )}</ul>`
}
</section>
<p class="soft">${say.how}</p>
<p class="links"><a href="${feed}">${say.feed}</a><a href="/status.json">${say.machine}</a></p>
</main>
</body>
</html>
`;
}

/** RFC 4287: one entry for each outage. */
export function feed({ history, origin, now }: Scene, language: Language): Html {
  const say = words[language];
  const self = `${origin}${language === 'fr' ? '' : '/en'}/feed.atom`;
  const updated = history.outages
    .map(({ startedAt, endedAt }) => endedAt ?? startedAt)
    .sort()
    .at(-1);
  return html`${prolog}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${language}">
<title>${say.title} – Préau</title>
<id>${self}</id>
<link rel="self" href="${self}"/>
<link href="${origin}${language === 'fr' ? '/' : '/en'}"/>
<author><name>Préau</name></author>
<updated>${updated ?? '2026-01-01T00:00:00.000Z'}</updated>
${history.outages.map(
  (outage) => html`<entry>
<id>${origin}/#${outage.id}</id>
<title>${say.outage(say.component[outage.component].name)}</title>
<link href="${origin}${language === 'fr' ? '/' : '/en'}"/>
<published>${outage.startedAt}</published>
<updated>${outage.endedAt ?? outage.startedAt}</updated>
<content type="text">${when(outage.startedAt, language)} · ${
    outage.endedAt ? say.lasted(minutesOf(outage, now)) : say.going
  }</content>
</entry>
`,
)}</feed>
`;
}
