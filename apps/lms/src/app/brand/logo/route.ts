import { connection } from 'next/server';
import { currentSite } from '@/server/site';

const ONE_YEAR = 'public, max-age=31536000, immutable';

/** The logo as a file: pages name it by its content instead of carrying it. */
export async function GET() {
  await connection();
  const { logo } = await currentSite();
  const parts = logo ? /^data:(image\/(?:png|jpeg|webp));base64,(.+)$/.exec(logo) : null;
  if (!parts?.[1] || !parts[2]) return new Response(null, { status: 404 });
  return new Response(new Uint8Array(Buffer.from(parts[2], 'base64')), {
    headers: { 'Content-Type': parts[1], 'Cache-Control': ONE_YEAR },
  });
}
