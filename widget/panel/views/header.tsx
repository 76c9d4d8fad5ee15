/** The head of a pane: the way back, who or what it is about, and the way out. */

import type { Child } from '../../render/jsx-runtime.js';
import { nameOf, titleOf } from '../names.js';
import { statusOf } from '../status.js';
import type { Ui } from '../ui.js';
import { Avatar } from './avatar.js';
import { ICONS, IconButton } from './icon.js';

interface HeaderProps {
  readonly ui: Ui;
  /** A way back to the list; only where the list is not beside it. */
  readonly hasBack?: boolean;
  readonly children: Child;
  readonly actions?: Child;
}

export function Header({ ui, hasBack = false, children, actions }: HeaderProps) {
  const { state, words, dispatch, close } = ui;
  const back = () => void dispatch({ ask: 'go', screen: { name: 'list' } });
  return (
    <header class="header" part="header">
      {hasBack && (
        <IconButton icon={ICONS.back} class="to-list" label={words('chat.back')} onClick={back} />
      )}
      {children}
      <div class="actions">
        {actions}
        {state.settings.mode === 'bubble' && (
          <IconButton
            icon={ICONS.close}
            class="to-page"
            label={words('chat.close')}
            onClick={close}
          />
        )}
      </div>
    </header>
  );
}

/** Who a conversation is with, and whether they are here. */
export function PersonHeader({ ui, address }: { ui: Ui; address: string }) {
  const { state, words, formats, now, dispatch } = ui;
  const contact = state.thread?.contact ?? null;
  const status = statusOf(state, nameOf(ui, contact), (time) => formats.brief(time, now));
  return (
    <Header
      ui={ui}
      hasBack={state.target.kind === 'inbox'}
      actions={ui.comforts && state.thread && <ui.comforts.InHead ui={ui} thread={state.thread} />}
    >
      <button
        type="button"
        class="who"
        aria-label={words('chat.details')}
        aria-describedby="who"
        onClick={() => void dispatch({ ask: 'go', screen: { name: 'person', address } })}
      >
        <Avatar address={address} size="m" />
      </button>
      <div class="titles" id="who">
        <h2 class="title">
          <slot name="header">
            <bdi>{titleOf(ui, address, contact)}</bdi>
          </slot>
        </h2>
        <p class={`status ${status.tone}`} role="status">
          {words(status.key, status.params)}
        </p>
      </div>
    </Header>
  );
}
