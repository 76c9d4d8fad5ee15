/**
 * Values on their way between tabs. The structured clone takes nearly all of them as they are; a
 * PimError would arrive as a bare Error, and an AbortSignal not at all.
 */

import { type ErrorCode, PimError } from '../base/errors.js';

/** No key of a value of pim begins with a NUL. */
const FAULT = '\0fault';
const SIGNAL = '\0signal';
/** Values nest no deeper; what does is not pim's. */
const MAX_DEPTH = 12;

interface PackedFault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly detail: unknown;
}

export function pack(value: unknown): unknown {
  if (value instanceof PimError) {
    const { code, message, detail } = value;
    return { [FAULT]: { code, message, detail: pack(detail) } };
  }
  if (value instanceof AbortSignal) return { [SIGNAL]: value.aborted };
  return mapped(value, pack);
}

/**
 * @param signal stands in for a signal of the other tab
 * @returns plain objects and lists frozen, as the SDK gives them out
 */
export function unpack(value: unknown, signal: AbortSignal | null = null, depth = 0): unknown {
  if (depth > MAX_DEPTH) return null;
  if (isPlain(value)) {
    if (SIGNAL in value) return signal;
    if (FAULT in value) return faultOf(value[FAULT]);
  }
  const inner = mapped(value, (each) => unpack(each, signal, depth + 1));
  return isPlain(inner) || Array.isArray(inner) ? Object.freeze(inner) : inner;
}

/** Signals among the arguments of a call, or in their options. */
export function signalsOf(args: readonly unknown[]): AbortSignal[] {
  const all = args.flatMap((arg) => (isPlain(arg) ? Object.values(arg) : [arg]));
  return all.filter((each) => each instanceof AbortSignal);
}

/** Whether a packed call holds a signal that had been aborted before it was made. */
export function isAborted(args: readonly unknown[]): boolean {
  const all = args.flatMap((arg) => (isPlain(arg) ? [arg, ...Object.values(arg)] : []));
  return all.some((each) => isPlain(each) && each[SIGNAL] === true);
}

function faultOf(packed: unknown): PimError {
  const { code, message, detail } = (packed ?? {}) as Partial<PackedFault>;
  const known = typeof code === 'string' ? code : 'pim/unanswered';
  return new PimError(known, String(message ?? ''), unpack(detail) as never);
}

function mapped(value: unknown, map: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(map);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, map(each)]));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
