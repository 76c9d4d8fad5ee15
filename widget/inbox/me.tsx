/** My address: as a code to scan, a link to share, and the bare characters. */

import type { Ui } from '../panel/ui.js';
import { Component } from '../render/component.js';
import { Copy } from './copy.js';
import { MyName } from './name-form.js';
import { ScreenFrame, WholeAddress } from './screen.js';

export class Me extends Component<{ ui: Ui }> {
  override componentDidMount(): void {
    void this.props.ui.dispatch({ ask: 'link' });
  }

  override render({ ui }: { ui: Ui }) {
    const { state, words } = ui;
    const { me, link } = state;
    if (me === null) return <p class="choose">{words('chat.loading')}</p>;
    return (
      <ScreenFrame ui={ui} title={words('me.title')}>
        {me.name === '' && <MyName ui={ui} />}
        <p class="hint">{words('me.text')}</p>
        <div class="code" role="img" aria-label={words('me.qr')}>
          {link !== null && <Qr text={link} />}
        </div>
        {link !== null && <Copy ui={ui} text={link} label={words('me.copy-link')} />}
        <h3 class="section">{words('me.address')}</h3>
        <WholeAddress address={me.address} />
        <Copy ui={ui} text={me.address} label={words('me.copy-address')} isQuiet />
      </ScreenFrame>
    );
  }
}

interface QrState {
  readonly code: { readonly size: number; readonly path: string } | null;
}

/** Drawn as one path, once the code that makes it is there. */
class Qr extends Component<{ text: string }, QrState> {
  override state: QrState = { code: null };

  override componentDidMount(): void {
    // Without it the link beside it says the same.
    import('./qr-code.js').then(
      ({ qrCode }) => this.setState({ code: qrCode(this.props.text) }),
      () => undefined,
    );
  }

  override render(_props: { text: string }, { code }: QrState) {
    if (code === null) return null;
    const { size, path } = code;
    return (
      <svg viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges" aria-hidden="true">
        <path d={path} />
      </svg>
    );
  }
}
