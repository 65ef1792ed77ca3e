/** What looks like a hit and is none, each with its reason. The list is short on purpose. */
import type { Slot } from './document.ts';
import type { Identity } from './identities.ts';

interface Excuse {
  operation: RegExp;
  slot: RegExp;
  because: string;
}

const DIFFERENCES: Excuse[] = [
  {
    operation: /^(checkSubdomain|claimSubdomain|placeOrder|saveOnboarding)$/,
    slot: /^(slug|candidate)$/,
    because: 'the subdomains of live platforms are public names in DNS, and one can be held only once',
  },
];

const SHOWN: (Pick<Excuse, 'operation' | 'because'> & { table: string })[] = [
  {
    operation: /^(verifyCredential|downloadCredential)$/,
    table: 'credentials',
    because: 'a certificate is shown to whoever has its code, which holds sixty random bits',
  },
];

const SHOWN_TO_STAFF: typeof SHOWN = [
  {
    operation: /^listSupportAccessesOfInstance$/,
    table: 'support_accesses',
    because: 'staff see what they asked for and what was answered',
  },
];

const REACH: Record<string, string> = {
  listOutbox:
    'answers not-found where mails are sent for real: the attacked backend is set up as in production',
  readOutboxMail: 'as listOutbox',
  watchInstanceLog: 'asks the operator, which is not there beside the attacked backend',
  finishAsset: 'works on bytes that were sent by tus before, which no JSON call can send',
  finishImport: 'as finishAsset',
  finishPackage: 'as finishAsset',
  downloadExport: 'opens by an address that we signed, which no sample can make: see exports.test.ts',
  startRollout:
    'names a release by its text, which the sampler does not find; for staff only: see rollout.test.ts',
  yankRelease: 'as startRollout',
  clearRefusals: 'as startRollout',
  setReleasePolicy: 'as startRollout',
  setMachineState:
    'names a machine by its text, which the sampler does not find; for staff only: see instances.test.ts',
};

export function excusedDifference(operation: string, slot: Slot, identity: Identity): boolean {
  if (identity.foreign === 'others' && SHOWN.some((each) => each.operation.test(operation))) return true;
  return DIFFERENCES.some((each) => each.operation.test(operation) && each.slot.test(slot.name));
}

/** What people of one tenant, or its instance's keepers, may be shown; nothing excuses a leak to another tenant. */
export function excusedLeak(operation: string, table: string, identity: Identity): boolean {
  const shown = { others: SHOWN, tenants: SHOWN_TO_STAFF, everything: [] }[identity.foreign];
  return shown.some((each) => each.table === table && each.operation.test(operation));
}

const CHANGES: { operation: RegExp; place: RegExp; because: string }[] = [
  {
    operation: /^requestAccountPasswordReset$/,
    place: /^account_tokens$/,
    because: 'anybody may have a link sent to a mailbox; only its owner can use it',
  },
];

export function excusedChange(operation: string, place: string): boolean {
  return CHANGES.some((each) => each.operation.test(operation) && each.place.test(place));
}

export function excusedReach(operation: string): boolean {
  return operation in REACH;
}
