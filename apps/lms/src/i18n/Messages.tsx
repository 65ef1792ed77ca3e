'use client';

import type { Locale } from '@preau/contract/primitives';
import { type AbstractIntlMessages, NextIntlClientProvider } from 'next-intl';
import type { ReactNode } from 'react';

interface Props {
  locale: Locale;
  /** From `messagesOf`: only the areas that the part inside needs. */
  messages: AbstractIntlMessages;
  children: ReactNode;
}

/**
 * Gives a client-side part its words. A module of the client's own: on the server, next-intl's provider would look
 * for a configuration per request, which we do without (see translate.ts).
 */
export function Messages({ locale, messages, children }: Props) {
  return (
    <NextIntlClientProvider locale={locale} messages={messages} timeZone="Europe/Paris">
      {children}
    </NextIntlClientProvider>
  );
}
