/** What a cold course page weighs in a real browser: bytes on the wire (headers included) and requests. */
import { chromium } from 'playwright-core';
import type { Learner } from './learners.ts';
import type { Site } from './site.ts';

export interface Weight {
  requests: number;
  /** As sent on the wire, compressed, with headers. */
  bytes: number;
  byType: Record<string, { requests: number; bytes: number }>;
}

export async function benchWeight({ demo: { host } }: Site, learner: Learner): Promise<Weight> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
  });
  try {
    const context = await browser.newContext({
      locale: 'fr-FR',
      viewport: { width: 1280, height: 860 },
    });
    await context.addCookies([
      { name: 'session', value: learner.session, url: `http://${host}`, httpOnly: true, sameSite: 'Lax' },
    ]);
    const page = await context.newPage();
    const network = await context.newCDPSession(page);
    await network.send('Network.enable');
    const types = new Map<string, string>();
    const byType: Weight['byType'] = {};
    network.on('Network.responseReceived', ({ requestId, type }) => types.set(requestId, type));
    network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const type = types.get(requestId) ?? 'Other';
      const sum = byType[type] ?? { requests: 0, bytes: 0 };
      byType[type] = { requests: sum.requests + 1, bytes: sum.bytes + encodedDataLength };
    });
    await page.goto(`http://${host}/courses/${learner.courseSlug}`, { waitUntil: 'networkidle' });
    const sums = Object.values(byType);
    return {
      requests: sums.reduce((sum, { requests }) => sum + requests, 0),
      bytes: sums.reduce((sum, { bytes }) => sum + bytes, 0),
      byType,
    };
  } finally {
    await browser.close();
  }
}
