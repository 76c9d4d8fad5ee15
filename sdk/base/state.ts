/**
 * States as data: a table of arrows that says from which state which event leads where. What the
 * table does not list does not happen.
 */

/** For each state the events it knows and the state each leads to. */
export type Table<State extends string, Event extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Event, State>>>>
>;

/** The state after `event`, or null where the table has no such arrow. */
export function next<State extends string, Event extends string>(
  table: Table<State, Event>,
  state: State,
  event: Event,
): State | null {
  return table[state][event] ?? null;
}
