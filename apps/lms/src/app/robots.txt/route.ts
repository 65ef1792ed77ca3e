import { connection } from 'next/server';
import { currentSite } from '@/server/site';

/** A public catalogue may be found; everything that belongs to people may not. */
export async function GET() {
  await connection();
  const { catalogue } = await currentSite();
  const rules =
    catalogue === 'public'
      ? [
          'Disallow: /activities/',
          'Disallow: /certificates/',
          'Disallow: /studio',
          'Disallow: /admin',
          'Disallow: /auth/',
        ]
      : ['Disallow: /'];
  return new Response(`User-agent: *\n${rules.join('\n')}\n`, {
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'public, max-age=3600' },
  });
}
