'use client';

import { FileUp } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type DragEvent, useId, useState } from 'react';
import { buttonStyle } from '@/components/ui/buttonStyle';
import { classes } from '@/components/ui/classes';
import { useAmount } from './useAmount';

interface Props {
  label: string;
  /** What the browser offers to choose from: `.zip,.html`. */
  accept: string;
  /** The same for people. */
  formats: string;
  /** Bytes of the largest file. */
  limit: number;
  onFile(file: File): void;
}

/** Takes a file: chosen, by the keyboard too, or dropped. */
export function UploadField({ label, accept, formats, limit, onFile }: Props) {
  const t = useTranslations('upload');
  const amount = useAmount();
  const hint = useId();
  const [over, setOver] = useState(false);

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file) onFile(file);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a larger target for the mouse; the field inside is for everybody
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={classes(
        'rounded-xl border border-dashed p-6 text-center',
        over ? 'border-brand bg-sunken' : 'border-line-strong',
      )}
    >
      <label
        className={classes(
          buttonStyle({ variant: 'secondary' }),
          'cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-brand',
        )}
      >
        <FileUp className="size-4" aria-hidden="true" /> {label}
        <input
          type="file"
          accept={accept}
          aria-describedby={hint}
          className="sr-only"
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            if (file) onFile(file);
            event.target.value = '';
          }}
        />
      </label>
      <span className="ml-2 hidden text-sm text-ink-soft hover-able:inline">{t('drop')}</span>
      <p id={hint} className="mt-3 text-sm text-ink-soft">
        {t('formats', { formats })} {t('limit', { size: amount(limit) })}
      </p>
    </div>
  );
}
