'use client';

import { createContext, type ReactNode, use } from 'react';

const Context = createContext(false);

/** Around what a support session may only look at: the forms inside take nothing. */
export function ReadOnly({ children }: { children: ReactNode }) {
  return <Context value={true}>{children}</Context>;
}

export const useReadOnly = () => use(Context);
