import { isSafeUrl } from '@preau/elearning/url';

const ADDRESSED = /^(https?:\/\/|mailto:|tel:|\/|#)/i;
const MAILBOX = /^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/;
const HOST = /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+(:\d+)?([/?#].*)?$/u;

/** What somebody types as a link, as an address that may stand in one: `exemple.fr` is a site. Null where it may not. */
export function linkFrom(typed: string): string | null {
  const url = ADDRESSED.test(typed)
    ? typed
    : MAILBOX.test(typed)
      ? `mailto:${typed}`
      : HOST.test(typed)
        ? `https://${typed}`
        : '';
  return isSafeUrl(url) ? url : null;
}
