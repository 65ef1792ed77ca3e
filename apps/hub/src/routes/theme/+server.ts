import { redirect } from '@sveltejs/kit';
import { readFields } from '#lib/server/form.ts';
import { safeNext } from '#lib/server/next.ts';
import { writeTheme } from '#lib/server/theme.ts';
import type { RequestHandler } from './$types.js';

export const POST: RequestHandler = async ({ request, cookies }) => {
  const { theme, back } = await readFields(request, ['theme', 'back']);
  writeTheme(cookies, theme === 'light' || theme === 'dark' ? theme : 'auto');
  if (!back) return new Response(null, { status: 204 });
  redirect(303, safeNext(back, '/'));
};
