/**
 * A list of buttons with one stop for Tab: arrows, Home and End go from row to row (ARIA Authoring
 * Practices, “roving tabindex”).
 */

import { Component } from '../render/component.js';
import type { Child } from '../render/jsx-runtime.js';

export interface Row {
  /** The address it is about. */
  readonly key: string;
  readonly class: string;
  readonly isCurrent: boolean;
  readonly open: () => void;
  readonly content: Child;
}

interface RowsProps {
  readonly rows: readonly Row[];
  readonly part?: string;
}

export class Rows extends Component<RowsProps, { readonly at: string | null }> {
  override state = { at: null };

  readonly #pressed = (event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void => {
    const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('.row')];
    const now = buttons.findIndex((each) => each.matches(':focus'));
    const last = buttons.length - 1;
    const next = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: last }[event.key];
    if (next === undefined || next < 0 || next > last) return;
    event.preventDefault();
    buttons[next]?.focus();
  };

  override render({ rows, part }: RowsProps, { at }: { readonly at: string | null }) {
    const stop =
      rows.find(({ key }) => key === at) ?? rows.find(({ isCurrent }) => isCurrent) ?? rows[0];
    return (
      <ul class="rows" part={part} onKeyDown={this.#pressed}>
        {rows.map((row) => (
          <li key={row.key}>
            <button
              type="button"
              class={row.class}
              aria-current={row.isCurrent}
              tabIndex={row === stop ? 0 : -1}
              onFocus={() => this.setState({ at: row.key })}
              onClick={row.open}
            >
              {row.content}
            </button>
          </li>
        ))}
      </ul>
    );
  }
}
