import type { Client } from '@preau/contract';
import type { desiredInstance } from '@preau/contract/platform/instances';
import type { z } from 'zod';
import type { Driver, Slot } from '../driver/driver.ts';
import type { Gate } from '../gate.ts';
import type { Gateway } from '../gateway/control.ts';
import type { Identities } from '../identity.ts';
import type { Log } from '../log.ts';
import type { Transitions } from '../power/transitions.ts';
import type { Release } from '../release.ts';
import type { Releases } from '../releases/shelf.ts';

export type DesiredInstance = z.infer<typeof desiredInstance>;

/** What the operator may ask of the backend. */
export type Backend = Pick<
  Client,
  | 'listDesiredInstances'
  | 'getDesiredInstance'
  | 'beatMachine'
  | 'takeOperations'
  | 'startOperation'
  | 'recordStep'
  | 'finishOperation'
  | 'observeInstance'
  | 'claimSubdomainForInstance'
  | 'releaseSubdomain'
  | 'ensureTenant'
  | 'ensureFirstAdministrator'
  | 'registerInstanceKey'
  | 'revokeInstanceKeys'
  | 'sendWelcome'
  | 'purgeTenant'
  | 'restoreTenant'
  | 'readSyntheticMail'
  | 'removeSyntheticCustomers'
  | 'openRepair'
  | 'openProbe'
  | 'reportIncident'
  | 'recordMeterMinute'
  | 'listPendingInbox'
  | 'settleInboxEntry'
  | 'getSubscriptionRevision'
  | 'applySubscription'
  | 'listKnownSubscriptions'
  | 'storeInboxEntry'
  | 'advanceRollout'
  | 'refuseRelease'
  | 'listKnownReleases'
>;

/** The world as workflows, reconciler and billing see it. */
export interface Context {
  /** The name of what this operator runs instances on. */
  machine: string;
  backend: Backend;
  driver: Driver;
  gateway: Gateway;
  identities: Identities;
  /** What runs where nothing was decided yet. */
  release: Release;
  releases: Releases;
  /** How long a new release is compared with the former one before that ends, in milliseconds. */
  compareMs: number;
  /** How old an instance's key may grow before it gets another, in milliseconds. */
  keyLifetimeMs: number;
  /** Before the processor-hungry moments of an instance: its start and its first page. */
  gate: Gate;
  transitions: Transitions;
  /** The address of the platform that runs from its sources, if one does. */
  sourcePlatform: string | undefined;
  /** The backend as instances reach it. */
  backendUrl: string;
  /** The hub as browsers reach it. */
  publicUrl: string;
  log: Log;
}

/** What a step works on: the instance as the backend knows it now, and the slot this operation uses. */
export interface Subject {
  instance: DesiredInstance;
  slot: Slot;
}
