const DAY_MS = 86_400_000;
/** RFC 9116 2.5.5 recommends less than a year. */
const GOOD_FOR_DAYS = 180;

/**
 * `/.well-known/security.txt` (RFC 9116) of one host. Its expiry moves with the calendar: it is always half a year
 * ahead and the same for a whole day.
 * @param host origin that serves the file
 * @param hub origin of the hub, which has the page on how to report
 */
export function securityTxt({
  host,
  hub,
  email,
  now = Date.now(),
}: {
  host: string;
  hub: string;
  email?: string | null;
  now?: number;
}): string {
  const expires = new Date(Math.floor(now / DAY_MS) * DAY_MS + GOOD_FOR_DAYS * DAY_MS);
  return [
    ...(email ? [`Contact: mailto:${email}`] : []),
    `Contact: ${hub}${disclosurePage.en}`,
    `Expires: ${expires.toISOString()}`,
    'Preferred-Languages: fr, en',
    `Canonical: ${host}/.well-known/security.txt`,
    `Policy: ${hub}${disclosurePage.en}`,
    `Policy: ${hub}${disclosurePage.fr}`,
    '',
  ].join('\n');
}

/** Where the hub says how a vulnerability is reported. */
export const disclosurePage = { fr: '/signaler-une-vulnerabilite', en: '/en/vulnerability-disclosure' };
