'use client';

import { useEffect } from 'react';
import { watchKeys } from '@/documents/browser/keys';

/** The keys of a document, on a page that React draws. */
export function PlayerKeys() {
  useEffect(watchKeys, []);
  return null;
}
