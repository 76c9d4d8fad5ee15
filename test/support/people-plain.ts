/** Values as they leave a page: JSON, with every PimError as its code, message and detail. */

import { isPimError } from '../../sdk/base/errors.js';

/** An error as it leaves a page: what of a PimError is JSON. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly detail: unknown;
}

/** A value as it leaves a page. */
export type Plain<Value> = Value extends Error
  ? Fault
  : Value extends string | number | boolean | null | undefined
    ? Value
    : { readonly [Key in keyof Value]: Plain<Value[Key]> };

export function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value ?? null, (_key, each: unknown) =>
      isPimError(each) ? { code: each.code, message: each.message, detail: each.detail } : each,
    ),
  );
}
