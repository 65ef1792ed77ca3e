import { billingContract } from '@preau/billing/contractSuite';
import { sandboxHarness } from './fixture.ts';

billingContract('the sandbox provider', sandboxHarness);
