'use client';

import { Button } from '@/components/ui/Button';

interface Props {
  codes: string[];
  words: Record<'codesTitle' | 'codesLead' | 'codesFile' | 'codesFileName' | 'download' | 'print', string>;
}

/** Shown once: whoever leaves without keeping them draws new ones. On paper they stand alone. */
export function RecoveryCodes({ codes, words }: Props) {
  function save() {
    const text = `${words.codesFile}\n\n${codes.join('\n')}\n`;
    const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = words.codesFileName;
    link.click();
    URL.revokeObjectURL(url);
  }
  return (
    <section className="rounded-lg border border-line bg-sunken p-5" data-codes>
      <h3 className="text-lg">{words.codesTitle}</h3>
      <p className="mt-1 text-sm text-ink-soft">{words.codesLead}</p>
      <ul className="mt-4 grid gap-x-8 gap-y-2 font-mono sm:grid-cols-2">
        {codes.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
      <div className="mt-5 flex flex-wrap gap-3 print:hidden">
        <Button variant="secondary" onClick={save}>
          {words.download}
        </Button>
        <Button variant="secondary" onClick={() => window.print()}>
          {words.print}
        </Button>
      </div>
    </section>
  );
}
