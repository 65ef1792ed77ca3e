import type { Client, Locale } from '@preau/contract';
import type { Account } from '@preau/contract/platform/accounts';
import type { StaffMember } from '@preau/contract/platform/staff';

declare global {
  namespace App {
    interface Locals {
      locale: Locale;
      /** `auto` follows the system. */
      theme: 'light' | 'dark' | 'auto';
      /** Quoted to support; the backend logs the same. */
      requestId: string;
      /** The opaque token of the signed-in account, or nothing. */
      session: string | undefined;
      /** Who is signed in: asked of the backend once a request, when a page needs it. */
      account(): Promise<Account | null>;
      /** The backend, on behalf of this visitor. */
      api: Client;
      /** The opaque token of the signed-in member of staff, or nothing. */
      staffSession: string | undefined;
      /** The member of staff whose session passed the second factor. */
      staff(): Promise<StaffMember | null>;
      /** The backend, on behalf of this member of staff. */
      staffApi: Client;
    }
    interface Error {
      /** The request id. */
      reference?: string;
    }
    interface PageData {
      account?: Account | null;
    }
  }
}
