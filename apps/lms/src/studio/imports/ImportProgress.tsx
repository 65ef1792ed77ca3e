'use client';

import { type ImportJob, importJob } from '@preau/contract/tenant/imports';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';

const PAUSE_MS = 700;

/** The progress of a job that runs; the page is drawn anew when it has ended. */
export function ImportProgress({ job: first }: { job: ImportJob }) {
  const t = useTranslations('imports');
  const router = useRouter();
  const [job, setJob] = useState(first);
  const running = job.state === 'queued' || job.state === 'running';

  useEffect(() => {
    if (!running) return;
    let stopped = false;
    async function look() {
      const answer = await fetch(`/api/imports/${first.id}`, { cache: 'no-store' }).catch(() => null);
      const json: unknown = await answer?.json().catch(() => null);
      if (stopped) return;
      const next = importJob.safeParse(json);
      if (next.success) {
        setJob(next.data);
        if (next.data.state === 'succeeded' || next.data.state === 'failed') router.refresh();
      }
    }
    const timer = setInterval(look, PAUSE_MS);
    return () => {
      stopped = true;
      clearInterval(timer);
    };
  }, [running, first.id, router]);

  return (
    <div className="space-y-2">
      <progress
        aria-label={t('progress')}
        max={100}
        value={job.percent}
        className="h-2 w-full accent-brand"
      />
      <p role="status" className="text-sm text-ink-soft">
        {t(`step.${job.step}`)} · {job.percent} %
      </p>
    </div>
  );
}
