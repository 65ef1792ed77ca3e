/**
 * The version of the `/v1` API that this contract describes. It grows by one with every change after which an
 * instance of the former release could not go on; the backend then serves both until no instance runs the former.
 */
export const API_VERSION = 1;
/** The oldest version that the backend still serves. */
export const OLDEST_API_VERSION = 1;

/** Whether an instance that speaks these versions can speak to this backend. */
export const isSpoken = ({ minApi, maxApi }: { minApi: number; maxApi: number }): boolean =>
  maxApi >= OLDEST_API_VERSION && minApi <= API_VERSION;
