/** In place of everything else: the key lies under a passphrase, which opens it, here and in all tabs. */

import { faultKey } from '../panel/fault.js';
import type { Ui } from '../panel/ui.js';
import { ICONS, Icon } from '../panel/views/icon.js';
import { Instead } from '../panel/views/whole.js';
import { Component, createRef } from '../render/component.js';
import { Account, Field } from './field.js';
import { Forgotten } from './forgotten.js';

/** Milliseconds from which on opening it takes longer than it does on a slow phone. */
const SLOW_MS = 20_000;

interface LockedState {
  readonly passphrase: string;
  readonly work: 'none' | 'busy' | 'slow';
  /** The code of what went wrong. */
  readonly fault: string | null;
  readonly isForgotten: boolean;
}

export class Locked extends Component<{ readonly ui: Ui }, LockedState> {
  override state: LockedState = { passphrase: '', work: 'none', fault: null, isForgotten: false };
  readonly #root = createRef<HTMLDivElement>();
  readonly #ended = new AbortController();
  #slow: ReturnType<typeof setTimeout> | undefined;
  #wasOpened = false;

  override componentDidMount(): void {
    void this.props.ui.dispatch({ ask: 'unlocked', signal: this.#ended.signal });
    if (this.#mayFocus()) this.#focus();
  }

  override componentWillUnmount(): void {
    this.#ended.abort();
    clearTimeout(this.#slow);
  }

  override componentDidUpdate(_props: object, before: LockedState): void {
    if (this.state.isForgotten !== before.isForgotten) this.#focus();
  }

  /** Nobody is to be torn away from what they do beside the chat. */
  #mayFocus(): boolean {
    const { mode } = this.props.ui.state.settings;
    const root = this.#root.current?.getRootNode() as ShadowRoot;
    const active = document.activeElement;
    if (active !== null && active !== document.body) return active === root.host;
    return mode !== 'inline' || navigator.userActivation?.isActive !== false;
  }

  #focus(): void {
    // On a touch screen a keyboard would come up over what there is to read.
    if (globalThis.matchMedia?.('(pointer:coarse)').matches) return;
    const field = this.#root.current?.querySelector<HTMLElement>('[data-focus]');
    field?.focus({ preventScroll: true });
  }

  readonly #submitted = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { passphrase, work } = this.state;
    const { dispatch } = this.props.ui;
    if (passphrase === '' || work === 'busy') return;
    this.setState({ work: 'busy', fault: null });
    clearTimeout(this.#slow);
    this.#slow = setTimeout(() => this.setState({ work: 'slow' }), SLOW_MS);
    let code: string | null = null;
    await dispatch({
      ask: 'identity',
      use: (identity) => identity.unlock(passphrase),
      got: (answer) => {
        code = answer;
      },
    });
    clearTimeout(this.#slow);
    // It was open already, and this chat could not read what is there.
    if (code === null && this.#wasOpened) await dispatch({ ask: 'begin' });
    this.#wasOpened = code === null;
    this.setState({ work: 'none', fault: code });
  };

  override render({ ui }: { readonly ui: Ui }, { isForgotten }: LockedState) {
    const isInbox = ui.state.target.kind === 'inbox';
    const title = isInbox ? (
      ui.words('chat.inbox')
    ) : (
      <slot name="header">{ui.words('chat.label')}</slot>
    );
    const turn = () => this.setState({ isForgotten: !isForgotten, fault: null });
    return (
      <Instead ui={ui} title={title}>
        <div class="screen locked">
          <div class="door" ref={this.#root}>
            {isForgotten ? <Forgotten ui={ui} /> : this.#ask()}
            <button type="button" class="link" onClick={turn}>
              {ui.words(isForgotten ? 'lock.back' : 'lock.forgot')}
            </button>
          </div>
        </div>
      </Instead>
    );
  }

  #ask() {
    const { ui } = this.props;
    const { words } = ui;
    const { passphrase, work, fault } = this.state;
    const isBusy = work === 'busy';
    return (
      <>
        <span class="mark">
          <Icon path={ICONS.lock} />
        </span>
        <h3 class="empty-title">{words('lock.title')}</h3>
        <p class="lead">{words('lock.text')}</p>
        <form class="form" onSubmit={this.#submitted}>
          <Account address={lockedAddress(ui)} />
          <Field
            ui={ui}
            id="unlock"
            label={words('backup.passphrase')}
            kind="current-password"
            isFirst
            value={passphrase}
            fault={fault === null ? null : words(faultKey({ code: fault, detail: null }))}
            onType={(text) => this.setState({ passphrase: text, fault: null })}
          />
          <p class="hint" role="status">
            {isBusy && <span class="unseen">{words('lock.opening')}</span>}
            {work === 'slow' && words('lock.slow')}
          </p>
          <button
            type="submit"
            class={isBusy ? 'button working' : 'button'}
            disabled={isBusy || passphrase === ''}
          >
            {words(isBusy ? 'lock.opening' : 'lock.open')}
          </button>
        </form>
      </>
    );
  }
}

/** Whose key it is; '' where an SDK does not say. */
function lockedAddress({ state: { phase } }: Ui): string {
  const detail = phase.name === 'failed' ? phase.fault.detail : null;
  return String((detail as { address?: unknown } | null)?.address ?? '');
}
