'use client';

import type { Storage } from '@preau/contract/tenant/assets';
import { useTranslations } from 'next-intl';
import { Alert } from '@/components/ui/Alert';
import { useAmount } from './useAmount';

/** Says that space runs out, before a file is sent in vain. */
export function SpaceAlert({ storage }: { storage: Storage }) {
  const t = useTranslations('upload');
  const amount = useAmount();
  if (storage.level === 'fine') return null;
  const words = { used: amount(storage.usedBytes), limit: amount(storage.limitBytes) };
  return <Alert tone={storage.level === 'full' ? 'danger' : 'warning'}>{t(storage.level, words)}</Alert>;
}
