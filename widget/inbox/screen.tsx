/** The frame of the inbox's screens, and the small parts they share. */

import type { Screen } from '../panel/state.js';
import type { Ui } from '../panel/ui.js';
import { Header } from '../panel/views/header.js';
import { ICONS, IconButton } from '../panel/views/icon.js';
import { Notes } from '../panel/views/notes.js';
import { Component } from '../render/component.js';
import type { Child } from '../render/jsx-runtime.js';

interface ScreenProps {
  readonly ui: Ui;
  readonly title: string;
  /** Where back leads; null: to the list, which a wide panel shows anyway. */
  readonly back?: Screen | null;
  readonly children: Child;
}

export function ScreenFrame({ ui, title, back = null, children }: ScreenProps) {
  const leave = () => void ui.dispatch({ ask: 'go', screen: back ?? { name: 'list' } });
  return (
    <>
      <Header ui={ui}>
        <IconButton
          icon={ICONS.back}
          class={back === null ? 'to-list' : ''}
          label={ui.words('chat.back')}
          onClick={leave}
        />
        <div class="titles">
          <h2 class="title">{title}</h2>
        </div>
      </Header>
      <Notes ui={ui} />
      <div class="screen">{children}</div>
    </>
  );
}

/** A whole address, in groups for the eye; what is copied has no blanks. */
export function WholeAddress({ address }: { address: string }) {
  return (
    <code class="address" dir="ltr">
      {groupsOf(address).map((group, index) => (
        <span key={index}>{group}</span>
      ))}
    </code>
  );
}

interface SureProps {
  readonly ui: Ui;
  readonly label: string;
  /** What it will do. */
  readonly text: string;
  /** The label of the second, decisive press. */
  readonly sure?: string;
  readonly onSure: () => void;
}

/** A deed that is asked about once more, in place. */
export class Sure extends Component<SureProps, { readonly isAsking: boolean }> {
  override state = { isAsking: false };

  override render({ ui, label, text, sure = label, onSure }: SureProps) {
    const ask = (isAsking: boolean) => () => this.setState({ isAsking });
    if (!this.state.isAsking) {
      return (
        <button type="button" class="button quiet danger" onClick={ask(true)}>
          {label}
        </button>
      );
    }
    return (
      <fieldset class="sure" aria-label={label}>
        <p>{text}</p>
        <div class="buttons">
          <button type="button" class="button quiet" ref={focusNow} onClick={ask(false)}>
            {ui.words('chat.cancel')}
          </button>
          <button type="button" class="button danger" onClick={onSure}>
            {sure}
          </button>
        </div>
      </fieldset>
    );
  }
}

/** The press that asked is gone with its button; focus goes on to the harmless answer. */
function focusNow(node: HTMLElement | null): void {
  node?.focus();
}

/** The whole address in groups of five, for the eye to compare. */
function groupsOf(address: string): readonly string[] {
  return address.match(/.{1,5}/g) ?? [];
}
