import { useLocale } from 'next-intl';
import { formatBytes } from '@/i18n/format';

/** Bytes for people, in the language of the page. */
export function useAmount(): (bytes: number) => string {
  const locale = useLocale() === 'en' ? 'en' : 'fr';
  return (bytes) => formatBytes(locale, bytes);
}
