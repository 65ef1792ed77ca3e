'use client';

import { Pause, Play, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Alert } from '@/components/ui/Alert';
import { Button } from '@/components/ui/Button';
import { Spinner } from '@/components/ui/Spinner';
import type { FileUpload } from './fileUpload';
import { useAmount } from './useAmount';
import type { Uploads } from './useUploads';

/** The files on their way, and those that a closed page left behind. */
export function UploadList<T extends object>({ uploads }: { uploads: Uploads<T> }) {
  const t = useTranslations('upload');
  const amount = useAmount();
  const { running, unfinished, drop, close } = uploads;
  if (running.length + unfinished.length === 0) return null;
  return (
    <ul aria-label={t('list')} className="space-y-3">
      {unfinished.map((one) => (
        <li key={one.previous.urlStorageKey} className="rounded-lg border border-line bg-sunken p-3">
          <p className="font-medium break-all">{one.name}</p>
          <p className="mt-1 text-sm text-ink-soft">
            {t('unfinished', { sent: amount(one.sent), total: amount(one.total) })}
          </p>
          <p className="mt-2">
            <Button variant="quiet" size="small" onClick={() => void drop(one)}>
              {t('abandon')}
            </Button>
          </p>
        </li>
      ))}
      {running.map((upload) => (
        <li key={upload.key} className="rounded-lg border border-line bg-surface p-3">
          <Row upload={upload} close={() => close(upload)} />
        </li>
      ))}
    </ul>
  );
}

function Row<T extends object>({ upload, close }: { upload: FileUpload<T>; close: () => void }) {
  const t = useTranslations('upload');
  const amount = useAmount();
  const { name, state } = upload;
  if (state.name === 'failed') {
    return (
      <Alert tone="danger">
        <p className="font-medium break-all">{name}</p>
        <p>{state.reason}</p>
        <Button variant="secondary" size="small" className="mt-2" onClick={close}>
          {t('close')}
        </Button>
      </Alert>
    );
  }
  const moving = state.name === 'sending' || state.name === 'paused' ? state : null;
  const percent = moving ? Math.floor((moving.sent / Math.max(1, moving.total)) * 100) : 100;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="min-w-0 font-medium break-all">{name}</p>
        <span className="flex gap-1">
          {state.name === 'sending' && (
            <Button
              variant="quiet"
              size="icon"
              aria-label={t('pause', { name })}
              title={t('pause', { name })}
              onClick={() => upload.pause()}
            >
              <Pause className="size-4" aria-hidden="true" />
            </Button>
          )}
          {state.name === 'paused' && (
            <Button
              variant="quiet"
              size="icon"
              aria-label={t('resume', { name })}
              title={t('resume', { name })}
              onClick={() => upload.resume()}
            >
              <Play className="size-4" aria-hidden="true" />
            </Button>
          )}
          {state.name !== 'checking' && state.name !== 'done' && (
            <Button
              variant="quiet"
              size="icon"
              aria-label={t('cancel', { name })}
              title={t('cancel', { name })}
              onClick={() => void upload.cancel().then(close)}
            >
              <X className="size-4" aria-hidden="true" />
            </Button>
          )}
        </span>
      </div>
      {moving && (
        <progress
          aria-label={t('progress', { name })}
          max={100}
          value={percent}
          className="mt-2 h-2 w-full accent-brand"
        />
      )}
      <p
        role="status"
        // Each percent said aloud would drown everything else; the bar tells it to whoever asks.
        aria-live={state.name === 'sending' ? 'off' : 'polite'}
        className="mt-1 flex items-center gap-2 text-sm text-ink-soft tabular-nums"
      >
        {(state.name === 'checking' || state.name === 'scanning') && <Spinner />}
        {state.name === 'sending' &&
          t('sending', { percent, sent: amount(state.sent), total: amount(state.total) })}
        {state.name === 'paused' && t(state.offline ? 'offline' : 'paused', { percent })}
        {state.name === 'checking' && t('checking')}
        {state.name === 'scanning' && (state.reason || t('busy'))}
        {state.name === 'done' && t('done')}
      </p>
    </>
  );
}
