/**
 * A cookie's whole name. With https it begins with `__Host-`: no neighbour on the same domain can plant one of that
 * name, and a browser keeps it only if it is Secure and of this host alone (RFC 6265bis, 4.1.3.2).
 */
export function cookieName(plain: string, platformUrl: string): string {
  return platformUrl.startsWith('https:') ? `__Host-${plain}` : plain;
}
