/** The panel's outermost element: what it is to assistive technology, and the keys it hears. */

import { focusEnd } from '../focus.js';
import type { Ui } from '../ui.js';
import { App } from './app.js';

/** In mode `page` it is what the page is for. */
const ROLES = { bubble: 'dialog', inline: 'region', page: 'main' };

export function Frame({ ui }: { ui: Ui }) {
  const { state, words, close, comfort } = ui;
  const isBubble = state.settings.mode === 'bubble';
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !isBubble || event.isComposing) return;
    event.stopPropagation();
    close();
  };
  const wrap = (end: 'first' | 'last') => (event: FocusEvent) => {
    const panel = (event.currentTarget as HTMLElement).parentElement;
    if (panel !== null) focusEnd(panel, end);
  };
  // Whoever moves in here will want what there is to do with messages; before a contact, there are none.
  const nearing = state.thread?.contact ? comfort : undefined;
  return (
    <section
      id="panel"
      class="panel"
      part="panel"
      role={ROLES[state.settings.mode]}
      aria-label={words(state.target.kind === 'inbox' ? 'chat.inbox' : 'chat.label')}
      tabIndex={-1}
      data-inbox={state.target.kind === 'inbox'}
      data-screen={state.screen.name}
      onKeyDown={onKeyDown}
      onPointerOver={nearing}
      onFocusIn={nearing}
    >
      <Edge to={wrap('last')} />
      <div class="panes" dir={state.settings.language.dir}>
        <App ui={ui} />
      </div>
      <Edge to={wrap('first')} />
    </section>
  );
}

/** Shown only where the panel covers the whole screen: focus would go on behind it. */
function Edge({ to }: { to: (event: FocusEvent) => void }) {
  // biome-ignore lint/a11y/noStaticElementInteractions: it hands focus on, nobody stays there
  // biome-ignore lint/a11y/noNoninteractiveTabindex: it has to be met by Tab
  return <span class="edge" tabIndex={0} onFocus={to} />;
}
