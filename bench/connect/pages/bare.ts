/**
 * The ceiling: an RTCPeerConnection and a WebSocket, nothing else, everything begun at once and
 * trickled. No identity, no proof of who is there, nothing stored.
 */

import type { Contestant } from './page.js';
import { openSignalSocket, type SignalSocket } from './signal-socket.js';

type Signal =
  | { readonly description: RTCSessionDescription }
  | { readonly candidate: RTCIceCandidate };

async function take(connection: RTCPeerConnection, signal: Signal): Promise<void> {
  if ('candidate' in signal) await connection.addIceCandidate(signal.candidate);
  else await connection.setRemoteDescription(signal.description);
}

async function describe(
  connection: RTCPeerConnection,
  socket: SignalSocket,
  to: string,
): Promise<void> {
  await connection.setLocalDescription();
  socket.send(to, { description: connection.localDescription });
}

function connect(socket: SignalSocket, to: string): RTCPeerConnection {
  const connection = new RTCPeerConnection();
  connection.onicecandidate = ({ candidate }) => {
    if (candidate !== null) socket.send(to, { candidate });
  };
  return connection;
}

export const bare = (): Contestant => ({
  async answer({ server, visit }, show) {
    const connections = new Map<string, RTCPeerConnection>();
    const socket = openSignalSocket(server, visit, async (from, data) => {
      const signal = data as Signal;
      const known = connections.get(from);
      if (known !== undefined) return take(known, signal);
      const connection = connect(socket, from);
      connections.set(from, connection);
      connection.ondatachannel = ({ channel }) => {
        channel.onmessage = (event) => show(String(event.data));
      };
      await take(connection, signal);
      await describe(connection, socket, from);
    });
    await socket.opened;
    return visit;
  },

  send({ server, visit, to, text }) {
    const socket = openSignalSocket(server, visit, (_from, data) =>
      take(connection, data as Signal),
    );
    const connection = connect(socket, to);
    const channel = connection.createDataChannel('chat');
    channel.onopen = () => channel.send(text);
    return describe(connection, socket, to);
  },
});
