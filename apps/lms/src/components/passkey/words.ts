import type { Translate } from '@/i18n/translate';

/** What the browser's part of a passkey may have to say. */
export const passkeyWords = (t: Translate) => ({
  cancelled: t('signIn.passkeyCancelled'),
  failed: t('signIn.passkeyFailed'),
  unable: t('signIn.passkeyUnable'),
});
