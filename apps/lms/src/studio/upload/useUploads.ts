import { useCallback, useEffect, useRef, useState } from 'react';
import { abandon, FileUpload, findUnfinished, type Purpose, type Unfinished } from './fileUpload';

export interface Uploads<T extends object> {
  running: FileUpload<T>[];
  unfinished: Unfinished[];
  /** @param body what the operation is told beside the file, where it differs from the purpose's */
  send(file: File, body?: object): void;
  drop(unfinished: Unfinished): Promise<void>;
  close(upload: FileUpload<T>): void;
}

/**
 * The uploads of one part of a page. Those that had arrived when the page was closed go on by themselves; for the
 * others the same file has to be chosen again.
 * @param onDone is called once for each file that was made into something
 */
export function useUploads<T extends object>(
  purpose: Purpose<T>,
  onDone: (result: T, name: string) => void,
): Uploads<T> {
  const [running, setRunning] = useState<FileUpload<T>[]>([]);
  const [unfinished, setUnfinished] = useState<Unfinished[]>([]);
  const latest = useRef({ purpose, onDone });
  latest.current = { purpose, onDone };
  const { kind, target } = purpose;

  const close = useCallback(
    (upload: FileUpload<T>) => setRunning((all) => all.filter((one) => one !== upload)),
    [],
  );
  const begin = useCallback(
    (source: File | Unfinished, body?: object) => {
      let told = false;
      const { purpose } = latest.current;
      const upload: FileUpload<T> = new FileUpload(source, body ? { ...purpose, body } : purpose, () => {
        if (upload.state.name === 'done' && !told) {
          told = true;
          latest.current.onDone(upload.state.result, upload.name);
          close(upload);
        } else setRunning((all) => [...all]);
      });
      setRunning((all) => [...all, upload]);
    },
    [close],
  );

  useEffect(() => {
    let left = false;
    void findUnfinished({ kind, target }).then((found) => {
      if (left) return;
      const arrived = (one: Unfinished) => one.sent >= one.total;
      setUnfinished(found.filter((one) => !arrived(one)));
      for (const one of found.filter(arrived)) begin(one);
    });
    return () => {
      left = true;
    };
  }, [kind, target, begin]);

  // Leaving stops what is under way: the browser asks.
  const moving = running.some(({ state }) => state.name === 'sending');
  useEffect(() => {
    if (!moving) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [moving]);

  return {
    running,
    unfinished,
    close,
    send(file, body) {
      setUnfinished((all) => all.filter(({ name, total }) => name !== file.name || total !== file.size));
      begin(file, body);
    },
    async drop(one) {
      setUnfinished((all) => all.filter((other) => other !== one));
      await abandon(one);
    },
  };
}
