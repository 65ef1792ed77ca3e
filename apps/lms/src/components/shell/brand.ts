import { createHash } from 'node:crypto';
import type { Site } from '@preau/contract/tenant/site';
import { type Html, html } from '@/html/html';
import { mark } from './mark';

const addresses = new Map<string, string>();

/** Where the logo is, named by what it shows so that browsers may keep it. */
function addressOf(logo: string): string {
  if (logo.startsWith('/')) return logo;
  let address = addresses.get(logo);
  if (!address) {
    address = `/brand/logo?v=${createHash('sha256').update(logo).digest('base64url').slice(0, 10)}`;
    addresses.clear();
    addresses.set(logo, address);
  }
  return address;
}

/** The tenant's logo and name; our arches where it has no logo. */
export function brand(site: Site, label: string): Html {
  const logo = site.logo
    ? html`<img src="${addressOf(site.logo)}" alt="" height="36" class="brand-logo">`
    : mark;
  return html`<a href="/" aria-label="${label}" class="brand">${logo}<span>${site.name}</span></a>`;
}
