'use client';

import { type ProblemDetails, problemDetails } from '@preau/contract/problem';
import { importJob } from '@preau/contract/tenant/imports';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type FormEvent, useId, useState } from 'react';
import { Alert } from '@/components/ui/Alert';
import { Button } from '@/components/ui/Button';
import { classes } from '@/components/ui/classes';
import { inputStyle } from '@/components/ui/inputStyle';
import { Spinner } from '@/components/ui/Spinner';

interface Props {
  /** Where questions of a GIFT file may go. */
  modules: { id: string; title: string }[];
  activityId?: string | undefined;
}

/** Sends a file to be imported, with the share that is on its way, then opens its progress. */
export function ImportForm({ modules, activityId }: Props) {
  const t = useTranslations('imports');
  const router = useRouter();
  const ids = { file: useId(), kind: useId(), module: useId() };
  const [kind, setKind] = useState<'markdown' | 'gift'>(activityId ? 'gift' : 'markdown');
  const [sent, setSent] = useState<number | null>(null);
  const [problem, setProblem] = useState<string>('');

  function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const file = form.get('file');
    if (!(file instanceof File) || file.size === 0) {
      setProblem(t('choose'));
      return;
    }
    const moduleId = String(form.get('moduleId') ?? '');
    const query = new URLSearchParams({
      kind,
      ...(activityId ? { activityId } : kind === 'gift' && moduleId ? { moduleId } : {}),
    });
    setProblem('');
    setSent(0);
    // Not fetch(): only this says how much has been sent.
    const request = new XMLHttpRequest();
    request.open('POST', `/api/imports?${query}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.setRequestHeader('preau-file-name', encodeURIComponent(file.name));
    request.upload.onprogress = ({ loaded, total }) =>
      setSent(Math.round((loaded / Math.max(1, total)) * 100));
    request.onerror = () => {
      setSent(null);
      setProblem(t('state.failed'));
    };
    request.onload = () => {
      const json: unknown = JSON.parse(request.responseText || 'null');
      const job = importJob.safeParse(json);
      if (request.status < 300 && job.success) {
        router.push(`/studio/imports/${job.data.id}`);
        return;
      }
      const refused = problemDetails.safeParse(json);
      setSent(null);
      setProblem(refused.success ? wording(refused.data) : `${request.status}`);
    };
    request.send(file);
  }

  return (
    <form onSubmit={send} className="space-y-4" noValidate>
      {problem && <Alert tone="danger">{problem}</Alert>}
      {!activityId && (
        <div className="space-y-1.5">
          <label htmlFor={ids.kind} className="block text-sm font-semibold">
            {t('kind')}
          </label>
          <select
            id={ids.kind}
            value={kind}
            onChange={(event) => setKind(event.target.value === 'gift' ? 'gift' : 'markdown')}
            className={classes(inputStyle, 'h-11')}
          >
            <option value="markdown">{t('markdown')}</option>
            {modules.length > 0 && <option value="gift">{t('gift')}</option>}
          </select>
        </div>
      )}
      {kind === 'gift' && !activityId && (
        <div className="space-y-1.5">
          <label htmlFor={ids.module} className="block text-sm font-semibold">
            {t('module')}
          </label>
          <select id={ids.module} name="moduleId" className={classes(inputStyle, 'h-11')}>
            {modules.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        </div>
      )}
      <div className="space-y-1.5">
        <label htmlFor={ids.file} className="block text-sm font-semibold">
          {t('file')}
        </label>
        <p className="text-sm text-ink-soft">{t('fileHint')}</p>
        <input
          id={ids.file}
          name="file"
          type="file"
          accept={kind === 'gift' ? '.gift,.txt,text/plain' : '.zip,application/zip'}
          className={classes(inputStyle, 'py-2')}
        />
      </div>
      <p className="flex items-center gap-4">
        <Button type="submit" aria-disabled={sent !== null || undefined}>
          {sent !== null && <Spinner />}
          {t('submit')}
        </Button>
        <span role="status" className="text-sm text-ink-soft tabular-nums">
          {sent !== null && `${sent} %`}
        </span>
      </p>
    </form>
  );
}

const wording = ({ detail, errors }: ProblemDetails) =>
  [detail, ...(errors ?? []).map((e) => e.message)].join(' ');
