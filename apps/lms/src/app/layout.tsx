import './globals.css';
import type { Viewport } from 'next';
import type { ReactNode } from 'react';
import { skipStyle } from '@/components/shell/head';
import { Navigation } from '@/components/shell/Navigation';
import { nonce } from '@/server/nonce';
import { themeStyle } from '@/server/theme';
import { visit } from '@/server/visit';

export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const { site, locale, theme, t } = await visit();
  return (
    <html lang={locale} data-theme={theme === 'system' ? undefined : theme}>
      <head>
        <link rel="icon" type="image/svg+xml" href="/brand/icon" />
        <meta name="format-detection" content="telephone=no" />
        {site.catalogue === 'private' && <meta name="robots" content="noindex, nofollow" />}
        <style nonce={await nonce()}>{themeStyle(site.colour, site.radius)}</style>
      </head>
      <body>
        <a href="#content" className={skipStyle}>
          {t('shell.skip')}
        </a>
        {children}
        <Navigation loading={t('shell.loading')} />
      </body>
    </html>
  );
}
