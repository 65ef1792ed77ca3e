import { billingContract } from '@preau/billing/contractSuite';
import { sandboxHarness } from './testing/sandbox.ts';

billingContract('the sandbox provider', sandboxHarness);
