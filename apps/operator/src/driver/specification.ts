import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { privateKeyFile } from '@preau/identity';
import { telemetryVariables } from '@preau/telemetry/start';
import { z } from 'zod';
import type { InstanceSpec, Slot } from './driver.ts';

/** What V8's heap may take of an instance's memory; the rest is code, buffers and stacks. */
const HEAP_SHARE = 0.6;

/** A specification as a driver writes it down. */
export const specSchema = z.object({
  instanceId: z.uuid(),
  tenantId: z.uuid(),
  release: z.object({ id: z.string(), path: z.string() }),
  backendUrl: z.string(),
  publicUrl: z.string(),
  platformUrl: z.string(),
  key: privateKeyFile,
  /** Empty in records from before it was written down: the instance then derives it from its key, as it did. */
  actionsKey: z.string().default(''),
  memoryMiB: z.number(),
});

/** Two specifications with one digest need no restart. */
export function digestOf(spec: InstanceSpec): string {
  return createHash('sha256')
    .update(JSON.stringify(specSchema.parse(spec)))
    .digest('hex');
}

/** By which the process of a slot is found again. */
export function markOf(instanceId: string, slot: Slot): string {
  return `${instanceId}/${slot}`;
}

/**
 * The Node flags of `reference/instances`: no file but the release's, no child, no worker, no add-on; one
 * background thread for V8, a small young generation, and the heap within the memory limit. RLIMIT_DATA is
 * no substitute for a control group: V8 does not start under one near its real use.
 *
 * Node reads a compile cache only where its permissions let it write one too. Where the instance is another
 * user than the release's owner, the system refuses that write; elsewhere a tenant could leave code for the
 * next, so there is no cache (a fifth of the processor time of a start).
 */
export function nodeFlags({
  releasePath,
  memoryMiB,
  writesCache,
}: {
  releasePath: string;
  memoryMiB: number;
  /** Whether the system refuses what the permission allows. */
  writesCache: boolean;
}): string[] {
  return [
    '--permission',
    `--allow-fs-read=${releasePath}`,
    ...(writesCache ? [`--allow-fs-write=${join(releasePath, '.compile-cache')}`] : []),
    `--max-old-space-size=${Math.floor(memoryMiB * HEAP_SHARE)}`,
    '--max-semi-space-size=2',
    '--v8-pool-size=1',
    '--disable-warning=ExperimentalWarning',
  ];
}

/** The variables of every process; nothing of the operator's own is passed on but where traces go. */
export const bareEnvironment = {
  NODE_ENV: 'production',
  MALLOC_ARENA_MAX: '1',
  UV_THREADPOOL_SIZE: '1',
  TZ: 'UTC',
  LANG: 'C.UTF-8',
  ...telemetryVariables(process.env),
} as const satisfies NodeJS.ProcessEnv;

/** The whole environment of an instance. */
export function environmentOf(spec: InstanceSpec, slot: Slot, socket: string): NodeJS.ProcessEnv {
  return {
    ...bareEnvironment,
    PREAU_SLOT: markOf(spec.instanceId, slot),
    INSTANCE_ID: spec.instanceId,
    TENANT_ID: spec.tenantId,
    RELEASE: spec.release.id,
    BACKEND_URL: spec.backendUrl,
    PREAU_PUBLIC_URL: spec.publicUrl,
    PLATFORM_URL: spec.platformUrl,
    LISTEN: socket,
    INSTANCE_KEY: JSON.stringify(spec.key),
    // One release serves every tenant; what it encrypts for one must mean nothing to another.
    ...(spec.actionsKey ? { NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: spec.actionsKey } : {}),
  };
}
