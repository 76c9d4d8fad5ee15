/** The end of a file channel, its other end in hand. */
export class HandFileChannel {
  binaryType = '';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  readyState = 'open';
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  onopen: (() => void) | null = null;
  onbufferedamountlow: (() => void) | null = null;
  readonly sent: Uint8Array[] = [];

  send(bytes: Uint8Array): void {
    this.sent.push(bytes.slice());
  }

  close(): void {
    this.readyState = 'closed';
  }

  hear(data: unknown): void {
    this.onmessage?.({ data });
  }

  get bytes(): number {
    return this.sent.reduce((sum, each) => sum + each.length, 0);
  }
}
