/** A conversation in which nobody has said anything yet. */

import { nameOf } from '../names.js';
import type { Thread } from '../state.js';
import type { Ui } from '../ui.js';
import { Avatar } from './avatar.js';
import { ICONS, Icon } from './icon.js';

export function Empty({ ui, thread }: { ui: Ui; thread: Thread }) {
  const { state, words } = ui;
  const { greeting } = state.settings;
  const isVisitor = state.target.kind === 'person';
  const name = nameOf(ui, thread.contact);
  return (
    <div class="empty" part="empty">
      <Avatar address={thread.address} size="l" />
      <slot name="empty">
        {isVisitor && greeting !== '' ? (
          <div class="bubble greeting" part="message message-theirs">
            <p dir="auto">{greeting}</p>
          </div>
        ) : (
          <p class="empty-title">{words('empty.title')}</p>
        )}
        <p class="empty-text">
          <Icon path={ICONS.lock} />
          {words('empty.text', { name })}
        </p>
      </slot>
    </div>
  );
}
