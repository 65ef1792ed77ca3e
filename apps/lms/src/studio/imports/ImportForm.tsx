'use client';

import { importJob } from '@preau/contract/tenant/imports';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type FormEvent, useId, useState } from 'react';
import { Alert } from '@/components/ui/Alert';
import { Button } from '@/components/ui/Button';
import { classes } from '@/components/ui/classes';
import { inputStyle } from '@/components/ui/inputStyle';
import { Spinner } from '@/components/ui/Spinner';
import { UploadList } from '../upload/UploadList';
import { useUploads } from '../upload/useUploads';

interface Props {
  /** Where questions of a GIFT file may go. */
  modules: { id: string; title: string }[];
  activityId?: string | undefined;
}

/** Sends a file to be imported, then opens its progress. */
export function ImportForm({ modules, activityId }: Props) {
  const t = useTranslations('imports');
  const router = useRouter();
  const ids = { file: useId(), kind: useId(), module: useId() };
  const [kind, setKind] = useState<'markdown' | 'gift'>(activityId ? 'gift' : 'markdown');
  const [problem, setProblem] = useState('');
  const uploads = useUploads(
    { kind: 'import', target: activityId ?? 'course', body: { kind, activityId }, schema: importJob },
    ({ id }) => router.push(`/studio/imports/${id}`),
  );
  const busy = uploads.running.some(({ state }) => state.name !== 'failed');

  function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy) return;
    const form = new FormData(event.currentTarget);
    const file = form.get('file');
    if (!(file instanceof File) || file.size === 0) {
      setProblem(t('choose'));
      return;
    }
    const moduleId = String(form.get('moduleId') ?? '');
    setProblem('');
    uploads.send(file, {
      kind,
      ...(activityId ? { activityId } : kind === 'gift' && moduleId ? { moduleId } : {}),
    });
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
      <UploadList uploads={uploads} />
      <Button type="submit" aria-disabled={busy || undefined}>
        {busy && <Spinner />}
        {t('submit')}
      </Button>
    </form>
  );
}
