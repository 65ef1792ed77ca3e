import { holds } from '@preau/contract/permission';
import { AdminFrame } from '@/administration/AdminFrame';
import { deleteUnusedFiles } from '@/administration/actions';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { Alert } from '@/components/ui/Alert';
import { Badge } from '@/components/ui/Badge';
import { Card } from '@/components/ui/Card';
import { Form } from '@/components/ui/Form';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { formatBytes, formatInstant, formatNumber, formatPercent } from '@/i18n/format';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { administratorVisit } from '@/studio/author';

const PATH = '/admin/storage';
const tones = { near: 'warning', full: 'danger' } as const;

export default async function StoragePage() {
  const { t, call, locale, user } = await administratorVisit(PATH, 'settings.write');
  const { data, problem } = await load(PATH, backend().getStorageReport(call));
  if (problem) {
    return (
      <AdminFrame part="storage">
        <ProblemPage problem={problem} />
      </AdminFrame>
    );
  }
  const { storage, parts, unused, scanner } = data;
  const amount = (bytes: number) => formatBytes(locale, bytes);
  const words = { used: amount(storage.usedBytes), limit: amount(storage.limitBytes) };
  const percent = Math.min(100, (storage.usedBytes / Math.max(1, storage.limitBytes)) * 100);
  return (
    <AdminFrame part="storage">
      <div className="grid items-start gap-8 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <Card className="space-y-5">
          <h2 className="text-xl">{t('storage.space')}</h2>
          {storage.level !== 'fine' && (
            <Alert tone={tones[storage.level]}>{t(`storage.${storage.level}`, words)}</Alert>
          )}
          <div>
            <p className="flex flex-wrap items-baseline justify-between gap-2">
              <span className="font-semibold">{t('storage.used', words)}</span>
              <span className="text-sm text-ink-soft tabular-nums">{formatPercent(locale, percent)}</span>
            </p>
            <progress
              aria-label={t('storage.space')}
              max={100}
              value={percent}
              className="mt-2 h-2 w-full accent-brand"
            />
          </div>
          {parts.length > 0 && (
            <table className="w-full text-sm">
              <caption className="sr-only">{t('storage.parts')}</caption>
              <thead>
                <tr className="border-b border-line text-left text-ink-soft">
                  <th scope="col" className="py-2 font-semibold">
                    {t('storage.kind')}
                  </th>
                  <th scope="col" className="py-2 text-right font-semibold">
                    {t('storage.files')}
                  </th>
                  <th scope="col" className="py-2 text-right font-semibold">
                    {t('storage.size')}
                  </th>
                </tr>
              </thead>
              <tbody className="divide-y divide-line tabular-nums">
                {parts.map(({ kind, files, bytes }) => (
                  <tr key={kind}>
                    <th scope="row" className="py-2 text-left font-normal">
                      {t(`storage.kinds.${kind}`)}
                    </th>
                    <td className="py-2 text-right">{formatNumber(locale, files)}</td>
                    <td className="py-2 text-right whitespace-nowrap">{amount(bytes)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          <p className="text-sm text-ink-soft">{t('storage.largest', { size: amount(storage.fileBytes) })}</p>
        </Card>
        <div className="space-y-8">
          <Card className="space-y-4">
            <h2 className="text-xl">{t('storage.unused')}</h2>
            {unused.files === 0 ? (
              <p className="text-ink-soft">{t('storage.unusedNone')}</p>
            ) : (
              <Form id="unused" action={deleteUnusedFiles} referenceLabel={t('problem.reference')}>
                <p className="mb-4 text-ink-soft">
                  {t('storage.unusedLead', { count: unused.files, size: amount(unused.bytes) })}
                </p>
                <SubmitButton variant="danger">{t('storage.unusedDelete')}</SubmitButton>
              </Form>
            )}
          </Card>
          <Card className="space-y-4">
            <h2 className="flex flex-wrap items-center justify-between gap-2 text-xl">
              {t('storage.scanner')}
              <Badge tone={scanner.active ? 'success' : 'neutral'}>
                {t(scanner.active ? 'storage.scannerOn' : 'storage.scannerOff')}
              </Badge>
            </h2>
            <p className="text-ink-soft">
              {t(scanner.active ? 'storage.scannerLead' : 'storage.scannerNone')}
            </p>
            {scanner.waiting.length > 0 && (
              <>
                <h3 className="font-semibold">{t('storage.waiting')}</h3>
                <ul className="divide-y divide-line text-sm">
                  {scanner.waiting.map(({ name, bytes, sentAt }) => (
                    <li key={name + sentAt} className="py-2">
                      <span className="font-medium break-all">{name}</span>
                      <span className="block text-ink-soft">
                        {amount(bytes)}, {formatInstant(locale, sentAt)}
                      </span>
                    </li>
                  ))}
                </ul>
              </>
            )}
            {scanner.setAside > 0 && (
              <p>
                {user && holds(user.grants, ['audit.read']) ? (
                  <a className="link" href="/admin/journal?action=file.quarantined">
                    {t('storage.setAside', { count: scanner.setAside })}
                  </a>
                ) : (
                  t('storage.setAside', { count: scanner.setAside })
                )}
              </p>
            )}
          </Card>
        </div>
      </div>
    </AdminFrame>
  );
}
