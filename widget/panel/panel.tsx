/**
 * Entry of the panel's chunk: puts the views into the element, feeds them from the store, and tells
 * the store what only a page can know (focus, keyboard, visibility, the address bar).
 */

import { render } from 'preact';
import type { Panel, PanelHost } from '../contract.js';
import { CONVERSATION_STRINGS } from '../strings/conversation.js';
import { FAULT_STRINGS } from '../strings/faults.js';
import { PANEL_STYLES } from '../styles/panel.js';
import { adopt } from '../styles/sheets.js';
import { wordsOf } from '../words.js';
import { focusPanel } from './focus.js';
import { formatsOf } from './format.js';
import { localeOf } from './locale.js';
import { watchPage } from './page.js';
import { makePim, parseAddress, parseLink, takeInvitation } from './sdk.js';
import { openShared } from './shared-pim.js';
import { Store } from './store.js';
import type { InboxChunk, Ui } from './ui.js';
import { Frame } from './views/frame.js';

export function mountPanel(host: PanelHost): Panel {
  adopt(host.shadow, PANEL_STYLES);
  const store = new Store({
    settings: host.settings,
    openPim: (settings) => openShared(settings, makePim),
    parseAddress,
    parseLink,
    pageUrl: () => location.href.split('#')[0] ?? '',
    emit: host.emit,
    setUnread: host.setUnread,
    setOnline: host.setOnline,
  });
  let inbox: InboxChunk | null = null;
  let isFetching = false;
  let isDrawDue = false;
  let isMounted = true;

  /** The inbox's views are fetched when a screen of theirs is wanted. */
  const fetchInbox = async (): Promise<void> => {
    isFetching = true;
    try {
      ({ inbox } = await import('../inbox/inbox.js'));
      adopt(host.shadow, inbox.styles);
      store.learn(inbox.perform);
      draw();
    } catch (error) {
      store.refuse(error);
    }
  };

  const paint = (): void => {
    isDrawDue = false;
    if (!isMounted) return;
    const { state } = store;
    const needsInbox = state.target.kind === 'inbox' || state.screen.name !== 'conversation';
    if (needsInbox && !isFetching) void fetchInbox();
    render(<Frame ui={uiOf(host, store, inbox)} />, host.place);
  };
  /** Several changes in a row are drawn once. */
  const draw = (): void => {
    if (isDrawDue) return;
    isDrawDue = true;
    queueMicrotask(paint);
  };
  const invitations = (): void => {
    if (host.settings().to !== null) return;
    try {
      const invitation = takeInvitation(location, history);
      if (invitation !== null) store.invite(invitation);
    } catch (error) {
      store.refuse(error);
    }
  };

  store.subscribe(draw);
  invitations();
  paint();
  const page = watchPage(host.place, { attention: (is) => store.setAttention(is), invitations });
  // The page runs the SDK already: there is nothing left to wait for.
  if (['starting', 'started'].includes(host.settings().pim?.state ?? '')) store.begin(false);

  return {
    update: () => store.update(),
    setShown: page.setShown,
    begin: (byPerson) => store.begin(byPerson),
    focus: () => {
      paint();
      focusPanel(host.place);
    },
    send: (text) => store.send(text),
    destroy: () => {
      isMounted = false;
      page.end();
      store.close();
      render(null, host.place);
    },
  };
}

function uiOf(host: PanelHost, store: Store, inbox: InboxChunk | null): Ui {
  const { strings, lang } = store.state.settings;
  const locale = localeOf(lang, navigator.languages);
  const own = [CONVERSATION_STRINGS, FAULT_STRINGS, inbox?.strings ?? {}];
  return {
    state: store.state,
    words: wordsOf([strings, ...own], locale),
    formats: formatsOf(locale),
    now: Date.now(),
    dispatch: store.dispatch,
    close: host.close,
    inbox: inbox?.views ?? null,
  };
}
