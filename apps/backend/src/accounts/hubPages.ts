import type { Locale } from '@preau/contract';

/** Addresses of the hub that mails lead to, in the reader's language. */
export function hubPages(publicUrl: string, locale: Locale) {
  const base = locale === 'fr' ? publicUrl : `${publicUrl}/${locale}`;
  const withToken = (path: string, token: string) => `${base}${path}?token=${encodeURIComponent(token)}`;
  return {
    signIn: `${base}${locale === 'fr' ? '/connexion' : '/sign-in'}`,
    forgotPassword: `${base}/forgot-password`,
    /** Where a person sees what proves them. */
    security: `${base}/account/security`,
    verify: (token: string) => withToken('/verify', token),
    resetPassword: (token: string) => withToken('/reset-password', token),
    newAddress: (token: string) => withToken('/account/email', token),
    invitation: (token: string) => withToken('/invitation', token),
    order: (orderId: string) => `${base}/orders/${orderId}`,
    /** A platform's own page, with its exports. */
    platform: (instanceId: string) => `${base}/account/platforms/${instanceId}`,
    /** Where a customer finds platforms, invoices and team. */
    portal: `${base}/account`,
    /** Where staff see what goes wrong. */
    incidents: `${base}/admin/incidents`,
  };
}
