import type { Locale } from '@preau/contract';
import { brandScale, parseBrandColour } from '@preau/design';
import { house, type Letter, type Sender } from './letter.ts';

const escaped = (text: string) =>
  text.replace(
    /[&<>"']/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[sign] ?? sign,
  );

const words = {
  fr: {
    link: 'Si le bouton ne s’ouvre pas, copiez cette adresse dans votre navigateur :',
    by: (name: string) => (name === house.name ? 'Préau, plateformes de formation' : `${name}, avec Préau`),
  },
  en: {
    link: 'If the button does not open, copy this address into your browser:',
    by: (name: string) => (name === house.name ? 'Préau, learning platforms' : `${name}, with Préau`),
  },
} as const;

/**
 * The one template of every mail: readable without images, in light and dark, with a text part that says the
 * same.
 */
export function dress(letter: Letter, sender: Sender, locale: Locale): { html: string; text: string } {
  const own = words[locale];
  const { light } = brandScale(parseBrandColour(sender.colour) ?? house.colour);
  const { paragraphs, action, small, subject } = letter;

  const paragraph = (text: string, style: string) =>
    `<p style="margin:0 0 16px;${style}">${escaped(text)}</p>`;
  const button = action
    ? `<p style="margin:24px 0"><a href="${escaped(action.url)}" style="display:inline-block;padding:12px 20px;border-radius:10px;background:${light.brand};color:${light.onBrand};font-weight:600;text-decoration:none">${escaped(action.label)}</a></p>
<p style="margin:0 0 4px;font-size:14px;opacity:.8">${escaped(own.link)}</p><p style="margin:0 0 16px;font-size:14px;word-break:break-all"><a href="${escaped(action.url)}" style="color:inherit">${escaped(action.url)}</a></p>`
    : '';
  const html = `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>${escaped(subject)}</title></head>
<body style="margin:0;padding:0"><div role="article" lang="${locale}" style="max-width:560px;margin:0 auto;padding:32px 24px;font:16px/1.6 system-ui,-apple-system,'Segoe UI',sans-serif">
<p style="margin:0 0 24px;padding:0 0 12px;border-bottom:3px solid ${light.brand};font-size:18px;font-weight:700">${escaped(sender.name)}</p>
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">${escaped(subject)}</h1>
${paragraphs.map((text) => paragraph(text, '')).join('\n')}
${button}
${small.map((text) => paragraph(text, 'font-size:14px;opacity:.8')).join('\n')}
<p style="margin:32px 0 0;padding:12px 0 0;border-top:1px solid #8886;font-size:13px;opacity:.8">${escaped(own.by(sender.name))}</p>
</div></body></html>`;

  const parts = [
    sender.name,
    subject,
    ...paragraphs,
    ...(action ? [`${action.label} :\n${action.url}`] : []),
    ...small,
    `-- \n${own.by(sender.name)}`,
  ];
  return { html, text: parts.join('\n\n') };
}
