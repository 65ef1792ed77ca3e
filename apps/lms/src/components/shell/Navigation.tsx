'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useTransition } from 'react';
import { isDocument } from '@/documents/browser/paths';

/** Paths that are files or change something: the browser goes there itself. */
const hard = /^\/(assets|auth|brand|preferences|certificates\/[^/]+\/pdf)(\/|$)|\/export$/;

/**
 * Makes every plain link to another of Next's pages a soft navigation (documents/browser/navigation.ts does the same
 * between documents) and shows that the next page is on its way. One listener
 * for the whole document: a page with a hundred links costs no more than a page with one, and all of them are
 * ordinary links while JavaScript loads.
 */
export function Navigation({ loading }: { loading: string }) {
  const router = useRouter();
  const [arriving, start] = useTransition();

  useEffect(() => {
    function follow(event: MouseEvent) {
      if (event.defaultPrevented || event.button !== 0) return;
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      if (!link?.href || link.target || link.hasAttribute('download')) return;
      const url = new URL(link.href);
      if (url.origin !== location.origin || hard.test(url.pathname) || isDocument(url.pathname)) return;
      if (url.hash && url.pathname === location.pathname && url.search === location.search) return;
      event.preventDefault();
      start(() => router.push(url.pathname + url.search + url.hash));
    }
    document.addEventListener('click', follow);
    return () => document.removeEventListener('click', follow);
  }, [router]);

  return arriving ? (
    <div role="status">
      <div className="arriving" />
      <span className="sr-only">{loading}</span>
    </div>
  ) : null;
}
