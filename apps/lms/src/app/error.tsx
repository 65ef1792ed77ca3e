'use client';

import { unstable_isUnrecognizedActionError as isUnrecognizedAction } from 'next/navigation';
import { useEffect, useState } from 'react';
import { Button, ButtonLink } from '@/components/ui/Button';
import { reloadWithTyped } from '@/components/ui/typed';

const texts = {
  fr: {
    title: 'La page n’a pas pu s’afficher',
    detail:
      'Une erreur s’est produite chez nous. Réessayez ; si elle persiste, citez cette référence à votre organisme :',
    retry: 'Réessayer',
    updated: 'Votre plateforme vient d’être mise à jour',
    reload:
      'Cette page date d’avant la mise à jour et n’a pas pu envoyer votre saisie. Rechargez la page : votre texte est conservé et vous pourrez l’envoyer aussitôt. Seuls les mots de passe sont à saisir de nouveau.',
    reloadPage: 'Recharger la page',
    home: 'Revenir à l’accueil',
  },
  en: {
    title: 'The page could not be shown',
    detail:
      'Something went wrong on our side. Try again; if it persists, quote this reference to your organisation:',
    retry: 'Try again',
    updated: 'Your platform has just been updated',
    reload:
      'This page is from before the update and could not send what you typed. Reload it: your text is kept, and you can send it right away. Only passwords need to be typed again.',
    reloadPage: 'Reload the page',
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
  const { digest } = error;
  const outdated = isUnrecognizedAction(error);
  const title = outdated ? t.updated : t.title;
  return (
    <main id="content" className="page grid flex-1 place-items-center py-16">
      <div className="max-w-xl text-center">
        <title>{title}</title>
        <h1 className="text-2xl">{title}</h1>
        <p className="mt-4 text-ink-soft">
          {outdated ? (
            t.reload
          ) : (
            <>
              {t.detail} <code>{digest ?? '—'}</code>
            </>
          )}
        </p>
        <p className="mt-8 flex flex-wrap justify-center gap-3">
          {outdated ? (
            <Button onClick={reloadWithTyped}>{t.reloadPage}</Button>
          ) : (
            <Button onClick={reset}>{t.retry}</Button>
          )}
          <ButtonLink href="/" variant="secondary">
            {t.home}
          </ButtonLink>
        </p>
      </div>
    </main>
  );
}
