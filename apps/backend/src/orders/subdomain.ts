const MIN_LENGTH = 3;
const MAX_LENGTH = 40;
/** A label of a host name in lower case (RFC 1123, 2.1). */
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
/** Third and fourth place are reserved for encoded labels such as `xn--` (RFC 5891, 4.2.3.1). */
const ENCODED = /^..--/;

/** Names of ours, of protocols, and those that would make a visitor believe to be somewhere else. */
const RESERVED = new Set(
  `www api app apps pay hub admin administrator administrateur superadmin root system staff support aide help status
  mail email smtp imap pop pop3 webmail mx ns ns1 ns2 dns ftp sftp ssh vpn cdn static assets media img images files
  upload uploads download downloads blog docs doc documentation dev test tests testing staging preprod prod
  production beta alpha sandbox internal intranet localhost local gateway backend operator lms preau www1 www2 web
  account accounts compte comptes login signin signup connexion inscription auth oauth sso saml id identity security
  securite secure billing facturation factures invoice invoices payment payments paiement paiements checkout
  stripe paddle paypal bank banque metrics monitoring grafana health healthz abuse postmaster hostmaster webmaster
  noreply no-reply newsletter legal privacy about contact news press careers jobs shop store boutique autoconfig
  autodiscover wpad isatap mta-sts openpgpkey dmarc`.split(/\s+/),
);

/** Signs that one takes for another in an address bar, each with the one it stands for (after UTS #39). */
const LOOK_ALIKES: [RegExp, string][] = [
  [/rn/g, 'm'],
  [/vv/g, 'w'],
  [/cl/g, 'd'],
  [/[1il|]/g, 'l'],
  [/0/g, 'o'],
  [/5/g, 's'],
  [/8/g, 'b'],
  [/2/g, 'z'],
];

/** What subdomains that look alike have in common: `acme`, `acrne` and `a-c-m-e` share theirs. */
export function skeletonOf(slug: string): string {
  return LOOK_ALIKES.reduce((text, [signs, sign]) => text.replace(signs, sign), slug.replaceAll('-', ''));
}

const RESERVED_SKELETONS = new Set([...RESERVED].filter((word) => word.length > 3).map(skeletonOf));

export type SubdomainFault = 'malformed' | 'reserved';

/** What is wrong with a subdomain whoever asks for it, or null. */
export function subdomainFault(slug: string): SubdomainFault | null {
  if (slug.length < MIN_LENGTH || slug.length > MAX_LENGTH) return 'malformed';
  if (!LABEL.test(slug) || slug.includes('--') || ENCODED.test(slug)) return 'malformed';
  if (RESERVED.has(slug) || RESERVED_SKELETONS.has(skeletonOf(slug))) return 'reserved';
  return null;
}

const ENDINGS = ['formation', 'academie', 'campus', 'ecole'];

/** Candidates to offer instead, best first; whether they are free is for the caller to find out. */
export function suggestionsFor(candidate: string): string[] {
  const stem = candidate
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/-{2,}/g, '-')
    .slice(0, MAX_LENGTH - Math.max(...ENDINGS.map((ending) => ending.length)) - 1)
    .replace(/^-+|-+$/g, '');
  const names = [stem, ...ENDINGS.map((ending) => (stem ? `${stem}-${ending}` : ending))];
  for (let number = 2; number <= 9; number += 1) names.push(`${stem || 'ecole'}-${number}`);
  return [...new Set(names)].filter((name) => name !== candidate && subdomainFault(name) === null);
}
