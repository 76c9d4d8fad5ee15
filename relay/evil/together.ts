/** Several hostilities as one: the first stands nearest to the network, the last to the relay. */

import type { Tamper } from '../forward.js';
import type { Hostility } from '../hostility.js';

export function together(all: readonly Hostility[]): Hostility {
  return all.reduce(both, {});
}

function both(first: Hostility, second: Hostility): Hostility {
  return {
    tamper: joined(first.tamper, second.tamper, after),
    login: joined(first.login, second.login, (one, other) => (honest) => one(other(honest))),
    upgrade: joined(
      first.upgrade,
      second.upgrade,
      (one, other) => (request, socket, admit) =>
        one(request, socket, () => other(request, socket, admit)),
    ),
    attach: joined(
      first.attach,
      second.attach,
      (one, other) => (wire, begin) => one(wire, (bent) => other(bent, begin)),
    ),
    close: async () => {
      await Promise.all([first.close?.(), second.close?.()]);
    },
  };
}

function joined<Part>(
  one: Part | undefined,
  other: Part | undefined,
  join: (one: Part, other: Part) => Part,
): Part | undefined {
  return one === undefined || other === undefined ? (one ?? other) : join(one, other);
}

/** What the one hands on goes through the other, now or later. */
function after(one: Tamper, other: Tamper): Tamper {
  return (envelope, deliver) => {
    const { from } = envelope;
    const late: Parameters<Tamper>[1] = (forwarded) => {
      for (const each of other({ from, ...forwarded }, deliver)) deliver(each);
    };
    return one(envelope, late).flatMap((each) => other({ from, ...each }, deliver));
  };
}
