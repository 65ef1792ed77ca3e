/**
 * The addresses of pages that have one of their own in each language; every other page keeps its path and is
 * prefixed with /en in English. Read by Paraglide (vite.config.ts) and by the sitemap.
 */
export const publicPages = [
  { path: '/', fr: '/', en: '/en' },
  { path: '/features', fr: '/fonctionnalites', en: '/en/features' },
  { path: '/pricing', fr: '/tarifs', en: '/en/pricing' },
  { path: '/security', fr: '/securite', en: '/en/security' },
  { path: '/disclosure', fr: '/signaler-une-vulnerabilite', en: '/en/vulnerability-disclosure' },
  { path: '/faq', fr: '/questions', en: '/en/faq' },
  { path: '/contact', fr: '/contact', en: '/en/contact' },
  { path: '/legal', fr: '/mentions-legales', en: '/en/legal' },
  { path: '/terms', fr: '/conditions', en: '/en/terms' },
  { path: '/privacy', fr: '/confidentialite', en: '/en/privacy' },
  { path: '/accessibility', fr: '/accessibilite', en: '/en/accessibility' },
  { path: '/sign-up', fr: '/inscription', en: '/en/sign-up' },
  { path: '/sign-in', fr: '/connexion', en: '/en/sign-in' },
] as const;

/** Pages that only make sense to somebody who is on their way in: reachable, but not for search engines. */
export const unlisted: readonly string[] = ['/sign-up', '/sign-in'];

export const urlPatterns = [
  ...publicPages.map(({ path, fr, en }) => ({
    pattern: path,
    localized: [
      ['fr', fr],
      ['en', en],
    ] as ['fr' | 'en', string][],
  })),
  {
    pattern: '/:path(.*)?',
    localized: [
      ['en', '/en/:path(.*)?'],
      ['fr', '/:path(.*)?'],
    ] as ['fr' | 'en', string][],
  },
];
