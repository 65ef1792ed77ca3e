'use client';

import {
  type ContentPackage,
  contentPackage,
  PACKAGE_BYTES,
  type Storage,
} from '@preau/contract/tenant/assets';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Alert } from '@/components/ui/Alert';
import { EmptyState } from '@/components/ui/EmptyState';
import { SpaceAlert } from '../upload/SpaceAlert';
import { UploadField } from '../upload/UploadField';
import { UploadList } from '../upload/UploadList';
import { useAmount } from '../upload/useAmount';
import { useUploads } from '../upload/useUploads';

interface Props {
  activityId: string;
  /** What learners of the draft would see; null until something is uploaded. */
  shown: ContentPackage | null;
  /** Null for those who only look. */
  storage: Storage | null;
}

/** What an activity of web pages shows, and how it gets there. */
export function PackageEditor({ activityId, shown, storage }: Props) {
  const t = useTranslations('packageEditor');
  const router = useRouter();
  const amount = useAmount();
  const [current, setCurrent] = useState(shown);
  const [notice, setNotice] = useState('');
  const purpose = {
    kind: 'package',
    target: activityId,
    body: { activityId },
    schema: contentPackage,
  } as const;
  const uploads = useUploads(purpose, (made, name) => {
    setCurrent(made);
    setNotice(t('replaced', { name }));
    router.refresh();
  });
  const included = storage?.kinds.includes('package');
  return (
    <section aria-label={t('title')} className="space-y-5">
      <p className="text-ink-soft">{t('lead')}</p>
      {notice && <Alert tone="success">{notice}</Alert>}
      {current ? (
        <div className="rounded-xl border border-line bg-surface p-4">
          <p className="font-semibold break-all">{current.name}</p>
          <p className="mt-1 text-sm text-ink-soft">
            {t('details', { files: current.files, size: amount(current.bytes) })}
          </p>
        </div>
      ) : (
        <EmptyState title={t('none')}>
          <p>{t('noneLead')}</p>
        </EmptyState>
      )}
      {storage && !included && <Alert tone="warning">{t('notIncluded')}</Alert>}
      {storage && included && (
        <>
          <SpaceAlert storage={storage} />
          <UploadList uploads={uploads} />
          <UploadField
            label={t(current ? 'replace' : 'upload')}
            accept=".zip,.html,.htm,.svg"
            formats="ZIP, HTML, SVG"
            limit={Math.min(storage.fileBytes, PACKAGE_BYTES)}
            onFile={(file) => {
              setNotice('');
              uploads.send(file);
            }}
          />
        </>
      )}
    </section>
  );
}
