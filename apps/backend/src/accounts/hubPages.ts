/** Addresses of the hub that mails lead to. */
export function hubPages(publicUrl: string) {
  const withToken = (path: string, token: string) => `${publicUrl}${path}?token=${encodeURIComponent(token)}`;
  return {
    signIn: `${publicUrl}/sign-in`,
    verify: (token: string) => withToken('/verify', token),
    resetPassword: (token: string) => withToken('/reset-password', token),
    invitation: (token: string) => withToken('/invitation', token),
    order: (orderId: string) => `${publicUrl}/orders/${orderId}`,
    instance: (instanceId: string) => `${publicUrl}/instances/${instanceId}`,
    billing: (organisationId: string) => `${publicUrl}/organisations/${organisationId}/billing`,
  };
}
