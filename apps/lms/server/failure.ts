import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

const broken = {
  fr: {
    title: 'La page n’a pas pu s’afficher',
    body: 'Une erreur s’est produite chez nous. Rechargez la page ; si elle persiste, citez cette référence :',
  },
  en: {
    title: 'The page could not be shown',
    body: 'Something went wrong on our side. Reload the page; if it persists, quote this reference:',
  },
};

const tooLarge = {
  fr: {
    title: 'Le contenu envoyé est trop long',
    body: 'Revenez en arrière : votre navigateur a gardé ce que vous avez saisi. Raccourcissez-le et recommencez. Référence :',
  },
  en: {
    title: 'What you sent is too long',
    body: 'Go back: your browser has kept what you typed. Make it shorter and try again. Reference:',
  },
};

const style =
  'body{font:16px/1.6 system-ui,sans-serif;margin:0;display:grid;place-items:center;min-height:100vh;color-scheme:light dark}main{max-width:34rem;padding:2rem}code{font-size:.9em}';
const styleHash = createHash('sha256').update(style).digest('base64');

/** The page of last resort, when not even the application's own error page could be rendered. */
export function failurePage(
  response: ServerResponse,
  reference: string,
  languages = '',
  status: 413 | 500 = 500,
): void {
  const language = /^\s*en\b/i.test(languages) ? 'en' : 'fr';
  const { title, body } = (status === 413 ? tooLarge : broken)[language];
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  });
  response.end(
    `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style><main><h1>${title}</h1><p>${body} <code>${reference}</code></p></main></html>`,
  );
}
