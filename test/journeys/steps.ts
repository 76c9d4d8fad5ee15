/** Steps that many journeys share. */

import type { Driver, Person } from '../support/people.js';

export interface Journey {
  readonly name: string;
  /** Worth its time in every pair of browsers, not in one alone. */
  readonly isEssential?: true;
  run(driver: Driver): Promise<void>;
}

/** Two people who are contacts and connected; Ann has written `hello`. */
export async function friends(
  driver: Driver,
  options: Parameters<Driver['person']>[1] = {},
): Promise<{ ann: Person; bob: Person }> {
  const relays = options.relays ?? [(await driver.relay()).url];
  const [ann, bob] = await Promise.all([
    driver.person('Ann', { ...options, relays }),
    driver.person('Bob', { ...options, relays }),
  ]);
  await bob.sees('relay', (event) => event.state === 'online');
  await ann.ask('send', bob.address, 'hello');
  await bob.sees('request');
  await bob.ask('contacts.accept', ann.address);
  await driver.hurry(Promise.all([connected(ann, bob), arrived(bob, 'hello')]));
  return { ann, bob };
}

/** Both say that they are connected to each other. */
export async function connected(one: Person, other: Person): Promise<void> {
  await Promise.all([one.isConnectedTo(other), other.isConnectedTo(one)]);
}

/** `person` was told of a message with this text. */
export function arrived(person: Person, text: string): Promise<unknown> {
  return person.sees('message', (message) => message.text === text);
}
