import type { Result } from '@kittiwake/base';
import type { StoreFailureKind } from '../failure.ts';

/** What a store keeps: text under an id. What the text says is the SDK's business. */
export type StoredRecord = { readonly id: string; readonly text: string };

/** Why a store did not do what it was asked for. */
export type StoreFailure = { readonly kind: StoreFailureKind; readonly message: string };

/** What a store held; `damaged` counts what it had to leave out because it cannot be read. */
export type StoreContent = { readonly records: readonly StoredRecord[]; readonly damaged: number };

/**
 * Where publishes outlive a client (SPEC K14). Calls are carried out in their order. A store is bounded, never throws
 * and never rejects: a failure is a value.
 */
export type PublishStore = {
  /**
   * Takes the store for one client, and gives what is left in it. What another live client keeps is never given:
   * such a store is `store_locked`, or shows only the rest.
   */
  load(): Promise<Result<StoreContent, StoreFailure>>;
  /** Keeps a record, in place of one with the same id. Once it resolves well the record outlives the process. */
  put(record: StoredRecord): Promise<Result<void, StoreFailure>>;
  /** Forgets a record; one that is not there is no failure. */
  remove(id: string): Promise<Result<void, StoreFailure>>;
  /** Lets go of the store; the next client may load it. Idempotent. */
  close(): Promise<void>;
};
