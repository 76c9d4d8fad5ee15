/** A text as a code to scan, drawn as one path once the code that makes it is there. */

import { Component } from '../render/component.js';

interface QrProps {
  /** Null while it is made: its place is kept. */
  readonly text: string | null;
  /** What it is, for those who do not see it. */
  readonly label: string;
}

interface QrState {
  readonly code: { readonly size: number; readonly path: string } | null;
}

export class Qr extends Component<QrProps, QrState> {
  override state: QrState = { code: null };

  override componentDidMount(): void {
    const { text } = this.props;
    if (text === null) return;
    // Without it the text beside it says the same.
    import('./qr-code.js').then(
      ({ qrCode }) => this.setState({ code: qrCode(text) }),
      () => undefined,
    );
  }

  override render({ label }: QrProps, { code }: QrState) {
    return (
      <div class="code" role="img" aria-label={label}>
        {code !== null && (
          <svg
            viewBox={`0 0 ${code.size} ${code.size}`}
            shape-rendering="crispEdges"
            aria-hidden="true"
          >
            <path d={code.path} />
          </svg>
        )}
      </div>
    );
  }
}
