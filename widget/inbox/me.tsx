/** My address: as a code to scan, a link to share, and the bare characters. */

import type { Ui } from '../panel/ui.js';
import { Component } from '../render/component.js';
import { Copy } from './copy.js';
import { MyName } from './name-form.js';
import { Qr } from './qr.js';
import { ScreenFrame, WholeAddress } from './screen.js';

interface MeState {
  /** Whether there is no link to be had: what went wrong is said above. */
  readonly isWithout: boolean;
}

export class Me extends Component<{ ui: Ui }, MeState> {
  override state: MeState = { isWithout: false };

  override componentDidMount(): void {
    void this.props.ui
      .dispatch({ ask: 'link' })
      .then((isMade) => this.setState({ isWithout: !isMade }));
  }

  override render({ ui }: { ui: Ui }, { isWithout }: MeState) {
    const { state, words } = ui;
    const { me, link } = state;
    if (me === null) return <p class="choose">{words('chat.loading')}</p>;
    return (
      <ScreenFrame ui={ui} title={words('me.title')}>
        {me.name === '' && <MyName ui={ui} />}
        <p class="hint">{words('me.text')}</p>
        {!(isWithout && link === null) && (
          <>
            <Qr key={link ?? ''} text={link} label={words('me.qr')} />
            <Copy ui={ui} text={link} label={words('me.copy-link')} />
          </>
        )}
        <div class="buttons">
          <button
            type="button"
            class="button quiet"
            onClick={() => void ui.dispatch({ ask: 'go', screen: { name: 'invitations' } })}
          >
            {words('invitations.title')}
          </button>
        </div>
        <h3 class="section">{words('me.address')}</h3>
        <WholeAddress address={me.address} />
        <Copy ui={ui} text={me.address} label={words('me.copy-address')} isQuiet />
      </ScreenFrame>
    );
  }
}
