import { brandScale, parseBrandColour } from '@preau/design';
import { connection } from 'next/server';
import { currentSite } from '@/server/site';

/** The platform's icon in the browser's tab: our arches in the tenant's colour. */
export async function GET() {
  await connection();
  const { colour } = await currentSite();
  const { light, dark } = brandScale(parseBrandColour(colour) ?? '#176a4e');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><style>.b{fill:${light.brand}}@media(prefers-color-scheme:dark){.b{fill:${dark.brand}}}</style><path class="b" d="M2 7a3 3 0 0 1 3-3h22a3 3 0 0 1 3 3v21h-3V17.5a4.75 4.75 0 0 0-9.5 0V28h-3V17.5a4.75 4.75 0 0 0-9.5 0V28H2Z"/><path fill="#e8aa4e" d="M17.5 28V17.5a4.75 4.75 0 0 1 9.5 0V28Z"/></svg>`;
  return new Response(svg, {
    headers: { 'Content-Type': 'image/svg+xml', 'Cache-Control': 'private, max-age=3600' },
  });
}
