'use client';

import { useEffect, useState } from 'react';
import { Button, ButtonLink } from '@/components/ui/Button';

const texts = {
  fr: {
    title: 'La page n’a pas pu s’afficher',
    detail:
      'Une erreur s’est produite chez nous. Réessayez ; si elle persiste, citez cette référence à votre organisme :',
    retry: 'Réessayer',
    home: 'Revenir à l’accueil',
  },
  en: {
    title: 'The page could not be shown',
    detail:
      'Something went wrong on our side. Try again; if it persists, quote this reference to your organisation:',
    retry: 'Try again',
    home: 'Back to the home page',
  },
};

/** When rendering itself failed. It carries its own words: what failed may be what would have worded it. */
export default function BrokenPage({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  const [language, setLanguage] = useState<'fr' | 'en'>('fr');
  useEffect(() => setLanguage(document.documentElement.lang === 'en' ? 'en' : 'fr'), []);
  const t = texts[language];
  return (
    <main id="content" className="page grid flex-1 place-items-center py-16">
      <div className="max-w-xl text-center">
        <h1 className="text-2xl">{t.title}</h1>
        <p className="mt-4 text-ink-soft">
          {t.detail} <code>{error.digest ?? '—'}</code>
        </p>
        <p className="mt-8 flex flex-wrap justify-center gap-3">
          <Button onClick={reset}>{t.retry}</Button>
          <ButtonLink href="/" variant="secondary">
            {t.home}
          </ButtonLink>
        </p>
      </div>
    </main>
  );
}
