/** trystero on its default strategy, nostr, with one relay of our own (../nostr-relay.ts). */

import type { Contestant, Task } from './page.js';

interface Action {
  send(data: string, options?: { target?: string }): Promise<unknown>;
  onMessage: (data: string) => void;
}

interface Room {
  onPeerJoin: (peer: string) => void;
  makeAction(name: string): Action;
}

export interface Trystero {
  joinRoom(config: object, room: string): Room;
}

/** Milliseconds. It does not say when it can be reached; this is enough here. */
const ONLINE_AFTER_MS = 1_500;

export const trystero = ({ joinRoom }: Trystero): Contestant => {
  const join = ({ server }: Task, room: string): Room =>
    joinRoom(
      { appId: 'pim-bench', relayConfig: { urls: [server] }, rtcConfig: { iceServers: [] } },
      room,
    );
  return {
    answer(task, show) {
      join(task, task.visit).makeAction('text').onMessage = show;
      return new Promise((resolve) => setTimeout(resolve, ONLINE_AFTER_MS, task.visit));
    },

    send(task) {
      const room = join(task, task.to);
      const action = room.makeAction('text');
      room.onPeerJoin = (peer) => void action.send(task.text, { target: peer });
    },
  };
};
