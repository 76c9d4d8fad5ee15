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

/**
 * Nothing of what two who are connected had to tell each other is under way any longer: what was
 * written before a word has been taken in when the word after it has.
 */
export async function settled(one: Person, other: Person): Promise<void> {
  for (const text of ['one word', 'and another']) {
    await Promise.all([said(one, other, text), said(other, one, text)]);
  }
}

async function said(from: Person, to: Person, text: string): Promise<void> {
  const { id } = await from.ask('send', to.address, text);
  await Promise.all([
    to.sees('message', (message) => message.id === id),
    from.sees('receipt', (event) => event.ids.includes(id)),
  ]);
}
