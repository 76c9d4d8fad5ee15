/**
 * Entry of the panel's chunk: store, views and page, put together for one element.
 */

import type { Panel, PanelHost } from '../contract.js';
import { PANEL_STYLES } from '../styles/panel.js';
import { watchPage } from './page.js';
import { Painter } from './painter.js';
import { makePim, parseAddress, parseLink, takeInvitation } from './sdk.js';
import { openShared } from './shared-pim.js';
import { Store } from './store.js';

export function mountPanel(host: PanelHost): Panel {
  host.adopt(PANEL_STYLES);
  const ended = new AbortController();
  /** Tells of it outside of the chat too; fetched with the first news. */
  let alerts = (unread: number): void => {
    alerts = () => undefined;
    const begin = import('../alerts/alerts.js');
    begin.then(({ watch }) => watch(host, unread, ended.signal)).catch(() => undefined);
  };
  const store = new Store({
    settings: host.settings,
    openPim: (settings) => openShared(settings, makePim),
    parseAddress,
    parseLink,
    pageUrl: () => location.href.split('#')[0] ?? '',
    emit: host.emit,
    setUnread: (unread) => {
      host.setUnread(unread);
      if (unread > 0) alerts(unread);
    },
    setOnline: host.setOnline,
  });
  const painter = new Painter(host, store);
  /** A link of somebody in the address bar is for the person's own inbox. */
  const invitations = (): void => {
    if (host.settings().to !== null) return;
    try {
      const invitation = takeInvitation(location, history);
      if (invitation !== null) store.invite(invitation);
    } catch (error) {
      store.refuse(error);
    }
  };

  store.subscribe(() => painter.draw());
  invitations();
  painter.paint();
  const page = watchPage(host.place, { attention: (is) => store.setAttention(is), invitations });
  store.join();

  return {
    update: () => store.update(),
    setShown: page.setShown,
    begin: (byPerson) => store.begin(byPerson),
    focus: () => {
      painter.paint();
      painter.focus();
    },
    send: (text) => store.send(text),
    destroy: () => {
      ended.abort();
      page.end();
      store.close();
      painter.end();
    },
  };
}
