import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

const internalUrl = z.url({ protocol: /^http$/ }).refine((value) => new URL(value).pathname === '/', {
  error: 'an address without a path, such as http://127.0.0.1:8081',
});

/** `10.0.0.0/8, 2001:db8::1`: addresses and networks. */
const networks = z.string().transform((text, context) => {
  const list = new BlockList();
  for (const network of text.split(',').map((part) => part.trim())) {
    if (network === '') continue;
    const [address = '', prefix] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    const longest = family === 'ipv6' ? 128 : 32;
    const length = prefix === undefined ? longest : Number(prefix);
    if (isIP(address) === 0 || !Number.isInteger(length) || length < 0 || length > longest || prefix === '') {
      context.addIssue({
        code: 'custom',
        message: `${network} is no address or network, such as 10.0.0.0/8`,
      });
      return z.NEVER;
    }
    list.addSubnet(address, length, family);
  }
  return list;
});

const schema = z.object({
  PREAU_PUBLIC_URL: z.url({ protocol: /^https?$/ }),
  PORT: z.coerce.number().int().min(0).max(65_535),
  HOST_BIND: z.string().min(1).default('0.0.0.0'),
  HUB_URL: internalUrl,
  BACKEND_URL: internalUrl,
  SANDBOX_URL: internalUrl.optional(),
  /** The status page; without it `status.<domain>` is nothing of ours, and may be another machine’s. */
  STATUS_URL: internalUrl.optional(),
  /** Shows `/metrics` on a listener of its own on this machine; without it only the control socket does. */
  METRICS_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  METRICS_BIND: z.string().min(1).default('127.0.0.1'),
  /** Says on a listener of its own on this machine which names certificates may be got for (deploy/caddy). */
  CERTIFICATES_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  GATEWAY_CONTROL: z.string().startsWith('/').max(107),
  /** The operator's control socket, which wakes sleeping platforms; a route that names its operator's goes before it. */
  OPERATOR_CONTROL: z.string().startsWith('/').max(107).optional(),
  DATA_DIR: z.string().min(1).default('.data'),
  /** Proxies in front of the gateway, whose word on the visitor's address is taken; none unless said. */
  TRUSTED_PROXIES: networks.default(new BlockList()),
  /** Connections from outside at once; further ones are closed. */
  MAX_CONNECTIONS: z.coerce.number().int().positive().max(1_000_000).default(10_000),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Largest request body let through, in bytes; the applications have their own, smaller limits. */
  BODY_LIMIT_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(512 * 1024 * 1024),
});
export type Settings = z.infer<typeof schema>;

/** @throws Error that names each variable and the remedy. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The gateway's environment is not complete (see src/settings.ts):\n${faults.join('\n')}`);
}
