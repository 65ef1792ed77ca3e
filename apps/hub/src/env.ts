import { defineEnvVars } from '@sveltejs/kit/env';
import { building } from '$app/env';

/** The build looks at every page without serving it: settings belong to where the hub runs, not to there. */
function needed(name: string, example: string, text: string | undefined): string {
  if (building) return example;
  if (text) return text;
  throw new Error(`${name} is not set. Set it to a value such as ${example}; npm start does.`);
}

const address = (name: string, example: string) => (value: string | undefined) => {
  const text = needed(name, example, value);
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text.replace(/\/+$/, '');
  throw new Error(`${name} is not an http(s) address. Use one such as ${example}.`);
};

const optional = (value: string | undefined) => value?.trim() || undefined;

/** Every setting of the hub; read once at start through $app/env/private. */
export const variables = defineEnvVars({
  PREAU_PUBLIC_URL: {
    schema: address('PREAU_PUBLIC_URL', 'http://localhost:8080'),
    description: 'Where visitors reach the hub; platforms are at <slug>.<its host>',
  },
  BACKEND_URL: {
    schema: address('BACKEND_URL', 'http://127.0.0.1:4001'),
    description: 'The backend, inside the machine',
  },
  SERVICE_KEY_FILE: {
    schema: (value) => needed('SERVICE_KEY_FILE', '.data/keys/hub.json', value),
    description: 'JSON {issuer, kid, privateKey}: signs the tokens that the backend knows the hub by',
  },
  SANDBOX_URL: {
    schema: optional,
    description: 'The sandbox payment provider’s API, inside the machine; without it the provider is absent',
  },
  SANDBOX_API_KEY: { schema: optional, description: 'sandbox_sk_…' },
  SANDBOX_WEBHOOK_SECRET: {
    schema: optional,
    description: 'Signs the sandbox’s webhooks; several, comma separated, during a rotation',
  },
  PUBLISHER_NAME: {
    schema: optional,
    description: 'Who answers for this installation: company and legal form',
  },
  PUBLISHER_ADDRESS: { schema: optional, description: 'Its registered office' },
  PUBLISHER_REGISTRATION: { schema: optional, description: 'Its registration, e.g. RCS Lyon 123 456 789' },
  PUBLISHER_DIRECTOR: { schema: optional, description: 'Its director of publication' },
  PUBLISHER_EMAIL: { schema: optional, description: 'Where visitors and customers write to' },
  HOSTING_PROVIDER: { schema: optional, description: 'Name, address and telephone of the machine’s host' },
});
