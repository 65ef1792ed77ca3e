import { html } from '@/html/html';
import { Static } from '@/html/Static';
import { instance } from '@/server/instance';
import type { Visit } from '@/server/visit';

export function Footer({ visit: { site, t } }: { visit: Visit }) {
  const content = html`<div><p>${site.name}</p><p><a href="/verify">${t('shell.verify')}</a><a href="${instance().publicUrl}">${t('shell.poweredBy')}</a></p></div>`;
  return <Static as="footer" className="footer" content={content} />;
}
