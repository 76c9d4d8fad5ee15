/** A page's end of the minimal signaller (../signaller.ts): JSON to a name, JSON from a name. */

export interface SignalSocket {
  /** Sent now, or when the socket is open. */
  send(to: string, data: unknown): void;
  readonly opened: Promise<void>;
}

export function openSignalSocket(
  server: string,
  name: string,
  take: (from: string, data: unknown) => void,
): SignalSocket {
  const socket = new WebSocket(`${server}/${name}`);
  const unsent: string[] = [];
  const opened = new Promise<void>((resolve) => {
    socket.onopen = () => {
      for (const line of unsent.splice(0)) socket.send(line);
      resolve();
    };
  });
  socket.onmessage = ({ data }) => {
    const { from, data: signal } = JSON.parse(String(data)) as { from: string; data: unknown };
    take(from, signal);
  };
  return {
    opened,
    send: (to, data) => {
      const line = JSON.stringify({ to, data });
      if (socket.readyState === WebSocket.OPEN) socket.send(line);
      else unsent.push(line);
    },
  };
}
