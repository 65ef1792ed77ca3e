import type { OperationStep, StepName } from '@preau/contract/platform/instances';
import * as m from '#lib/paraglide/messages.js';

const labels: Record<StepName, () => string> = {
  'claim-subdomain': m.step_claim_subdomain,
  'create-tenant': m.step_create_tenant,
  'create-administrator': m.step_create_administrator,
  'mint-identity': m.step_mint_identity,
  'start-process': m.step_start_process,
  route: m.step_route,
  'check-health': m.step_check_health,
  'check-page': m.step_check_page,
  compare: m.step_compare,
  'go-live': m.step_go_live,
  'send-welcome': m.step_send_welcome,
  'close-route': m.step_close_route,
  'stop-process': m.step_stop_process,
  'revoke-identity': m.step_revoke_identity,
  'revoke-former-identity': m.step_revoke_former_identity,
  'purge-data': m.step_purge_data,
  'release-subdomain': m.step_release_subdomain,
  'restore-data': m.step_restore_data,
};

/** A step of an operation in the customer's words. */
export const stepLabel = (name: StepName): string => labels[name]();

const states: Record<OperationStep['state'], () => string> = {
  pending: m.step_pending,
  running: m.step_running,
  succeeded: m.step_succeeded,
  failed: m.step_failed,
  compensated: m.step_compensated,
};
export const stepStateLabel = (state: OperationStep['state']): string => states[state]();
