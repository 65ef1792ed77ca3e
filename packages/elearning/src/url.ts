/**
 * Whether an address may stand in a link: http, https, mailto, tel, a path of this platform (`/…`, not `//…`), a
 * relative path or an anchor. Everything else (javascript, data, file, unknown schemes) is refused, and so are
 * control characters, which browsers drop before they read the scheme.
 */
export function isSafeUrl(address: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (address === '' || /[\u0000-\u0020\u007f\\]/.test(address)) return false;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address)?.[1]?.toLowerCase();
  if (scheme === undefined) return !address.startsWith('//');
  if (scheme === 'http' || scheme === 'https') return URL.canParse(address);
  return scheme === 'mailto' || scheme === 'tel';
}

/** The film behind an address of YouTube or Vimeo, with the address that is stored for it; null for others. */
export function embedOf(address: string): { provider: 'youtube' | 'vimeo'; url: string } | null {
  if (!URL.canParse(address)) return null;
  const { protocol, hostname, pathname, searchParams } = new URL(address);
  if (protocol !== 'https:' && protocol !== 'http:') return null;
  const host = hostname.replace(/^(www|m|player)\./, '');
  if (host === 'vimeo.com') {
    const film = /^\/(?:video\/)?(\d{5,12})(?:\/|$)/.exec(pathname)?.[1];
    return film ? { provider: 'vimeo', url: `https://vimeo.com/${film}` } : null;
  }
  const film =
    host === 'youtu.be'
      ? pathname.slice(1)
      : host === 'youtube.com' || host === 'youtube-nocookie.com'
        ? (searchParams.get('v') ?? /^\/(?:embed|shorts|live)\/([\w-]+)/.exec(pathname)?.[1])
        : undefined;
  if (!film || !/^[\w-]{6,20}$/.test(film)) return null;
  return { provider: 'youtube', url: `https://www.youtube.com/watch?v=${film}` };
}
