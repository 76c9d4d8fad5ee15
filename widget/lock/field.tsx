/** A field for a passphrase: hidden or shown, and what is wrong with it said below. */

import { INBOX_ICONS } from '../inbox/icons.js';
import type { Ui } from '../panel/ui.js';
import { Icon } from '../panel/views/icon.js';
import { Component, createRef } from '../render/component.js';

interface FieldProps {
  readonly ui: Ui;
  readonly id: string;
  readonly label: string;
  readonly value: string;
  /** What a keeper of passwords is to make of it. */
  readonly kind: 'current-password' | 'new-password';
  /** A sentence; null: nothing is wrong. */
  readonly fault: string | null;
  readonly hint?: string;
  readonly isFirst?: boolean;
  onType(text: string): void;
}

export class Field extends Component<FieldProps, { readonly isShown: boolean }> {
  override state = { isShown: false };
  readonly #input = createRef<HTMLInputElement>();

  /** What is wrong stays, to be mended or typed over. */
  override componentDidUpdate({ fault }: FieldProps): void {
    if (this.props.fault === null || this.props.fault === fault) return;
    this.#input.current?.focus();
    this.#input.current?.select();
  }

  override render(props: FieldProps, { isShown }: { readonly isShown: boolean }) {
    const { ui, id, label, value, kind, fault, hint, isFirst, onType } = props;
    return (
      <>
        <label for={id}>{label}</label>
        <div class="typed">
          <input
            id={id}
            ref={this.#input}
            type={isShown ? 'text' : 'password'}
            dir="auto"
            data-focus={isFirst}
            autoComplete={kind}
            autoCapitalize="off"
            spellcheck="false"
            enterkeyhint="go"
            value={value}
            aria-invalid={fault !== null}
            aria-describedby={`${id}-said`}
            onInput={({ currentTarget }) => onType(currentTarget.value)}
          />
          <button
            type="button"
            class="icon-button"
            aria-label={ui.words('lock.show')}
            title={ui.words('lock.show')}
            aria-pressed={isShown}
            onClick={() => this.setState({ isShown: !isShown })}
          >
            <Icon path={isShown ? INBOX_ICONS.eye : INBOX_ICONS['eye-shut']} />
          </button>
        </div>
        <div id={`${id}-said`}>
          <p class="hint fault" role="alert">
            {fault}
          </p>
          {fault === null && hint !== undefined && (
            <p class="hint" role="status">
              {hint}
            </p>
          )}
        </div>
      </>
    );
  }
}

/** Tells keepers of passwords that this is not the one of the site around it, but of this address. */
export function Account({ address }: { readonly address: string }) {
  return (
    <input
      class="unseen"
      type="text"
      autoComplete="username"
      readOnly
      tabIndex={-1}
      aria-hidden="true"
      value={address}
    />
  );
}
