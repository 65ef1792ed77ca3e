'use client';

import { useEffect, useState, useTransition } from 'react';
import {
  addApp,
  addPasskey,
  beginApp,
  beginPasskey,
  drawCodes,
  type SecurityState,
} from '@/app/profile/security/actions';
import { createPasskey, type PasskeyFailure } from '@/components/passkey/passkey';
import { RecoveryCodes } from '@/components/security/RecoveryCodes';
import { Alert } from '@/components/ui/Alert';
import { Button } from '@/components/ui/Button';
import { inputStyle } from '@/components/ui/inputStyle';
import { Spinner } from '@/components/ui/Spinner';

interface Props {
  hasApp: boolean;
  hasFactor: boolean;
  words: Record<
    | PasskeyFailure
    | 'name'
    | 'nameDefault'
    | 'addPasskey'
    | 'addApp'
    | 'scan'
    | 'secret'
    | 'code'
    | 'activate'
    | 'draw'
    | 'codesTitle'
    | 'codesLead'
    | 'codesFile'
    | 'codesFileName'
    | 'download'
    | 'print',
    string
  >;
}

/** Where the name that was typed waits while its owner proves who they are. */
const NAME_KEY = 'passkey name';

/** What needs the browser's help: a new passkey, a new app, and recovery codes that are shown once. */
export function Factors({ hasApp, hasFactor, words }: Props) {
  const [pending, start] = useTransition();
  const [state, setState] = useState<SecurityState>({});
  const [app, setApp] = useState<{ secret: string; qr: string } | null>(null);
  const [name, setName] = useState(words.nameDefault);
  const [code, setCode] = useState('');
  const trouble = (detail: string) => setState({ problem: { detail, reference: '', name: 'failed' } });

  useEffect(() => {
    const kept = sessionStorage.getItem(NAME_KEY);
    sessionStorage.removeItem(NAME_KEY);
    if (kept) setName(kept);
  }, []);

  /** Codes that are on show stay: they are never shown again. */
  const show = (next: SecurityState) => setState(({ codes }) => (codes ? { codes, ...next } : next));

  const run = (work: () => Promise<void>) => {
    if (!pending) start(work);
  };
  const makePasskey = () =>
    run(async () => {
      // Where it is to be confirmed first who it is, this page is left for another.
      sessionStorage.setItem(NAME_KEY, name);
      const offer = await beginPasskey();
      sessionStorage.removeItem(NAME_KEY);
      if (!('options' in offer)) return trouble(offer.problem?.detail ?? words.failed);
      const answer = await createPasskey(offer.options);
      if (typeof answer !== 'string') return trouble(words[answer.failure]);
      const added = await addPasskey(name, answer);
      show(added);
      if (!added.problem) setName(words.nameDefault);
    });
  const makeApp = () =>
    run(async () => {
      const offer = await beginApp();
      if (!('qr' in offer)) return trouble(offer.problem?.detail ?? words.failed);
      show({});
      setApp(offer);
    });
  const confirmApp = () =>
    run(async () => {
      const added = await addApp(code);
      show(added);
      if (!added.problem) setApp(null);
    });

  return (
    <div className="space-y-6" aria-busy={pending}>
      {state.problem && <Alert tone="danger">{state.problem.detail}</Alert>}
      {state.notice && <Alert tone="success">{state.notice}</Alert>}
      {state.codes && <RecoveryCodes codes={state.codes} words={words} />}
      <div className="space-y-3">
        <label htmlFor="passkey-name" className="block text-sm font-semibold">
          {words.name}
        </label>
        <input
          id="passkey-name"
          className={`${inputStyle} h-11`}
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button onClick={makePasskey} aria-disabled={pending || undefined}>
          {pending && <Spinner />}
          {words.addPasskey}
        </Button>
      </div>
      {!hasApp && !app && (
        <Button variant="secondary" onClick={makeApp} aria-disabled={pending || undefined}>
          {words.addApp}
        </Button>
      )}
      {app && (
        <form
          className="space-y-3"
          onSubmit={(event) => {
            event.preventDefault();
            confirmApp();
          }}
        >
          <p>{words.scan}</p>
          {/* biome-ignore lint/performance/noImgElement: a picture of this page alone, out of no file */}
          <img src={app.qr} alt="" width={200} height={200} className="rounded-lg bg-white" />
          <p className="text-sm text-ink-soft">
            {words.secret} <code className="break-all">{app.secret}</code>
          </p>
          <label htmlFor="app-code" className="block text-sm font-semibold">
            {words.code}
          </label>
          <input
            id="app-code"
            className={`${inputStyle} h-11`}
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={10}
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
          <Button type="submit" aria-disabled={pending || undefined}>
            {words.activate}
          </Button>
        </form>
      )}
      {hasFactor && (
        <Button
          variant="secondary"
          onClick={() => run(async () => setState(await drawCodes()))}
          aria-disabled={pending || undefined}
        >
          {words.draw}
        </Button>
      )}
    </div>
  );
}
