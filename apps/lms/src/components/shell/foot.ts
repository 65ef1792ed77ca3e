import { type Html, html } from '@/html/html';
import { instance } from '@/server/instance';
import type { Visit } from '@/server/visitor';

/** What the foot of a page holds. */
export const foot = ({ site, t }: Visit): Html =>
  html`<div><p>${site.name}</p><p><a href="/verify">${t('shell.verify')}</a><a href="${instance().publicUrl}">${t('shell.poweredBy')}</a></p></div>`;
