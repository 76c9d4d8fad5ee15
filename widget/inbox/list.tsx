/** All chats and requests: the inbox's front page, or its left pane. */

import type { ConversationSummary } from '../../sdk/index.js';
import { titleOf } from '../panel/names.js';
import type { Ui } from '../panel/ui.js';
import { Avatar } from '../panel/views/avatar.js';
import { Header } from '../panel/views/header.js';
import { Icon, IconButton } from '../panel/views/icon.js';
import { Notes } from '../panel/views/notes.js';
import { INBOX_ICONS } from './icons.js';
import { type Row, Rows } from './rows.js';

export function List({ ui }: { ui: Ui }) {
  const { state, words, dispatch } = ui;
  const go = (name: 'add' | 'me' | 'settings' | 'restore') => () =>
    void dispatch({ ask: 'go', screen: { name } });
  const isEmpty = state.conversations.length === 0 && state.requests.length === 0;
  return (
    <>
      <Header
        ui={ui}
        actions={
          <>
            <IconButton icon={INBOX_ICONS.add} label={words('inbox.new')} onClick={go('add')} />
            <IconButton icon={INBOX_ICONS.qr} label={words('inbox.me')} onClick={go('me')} />
            <IconButton
              icon={INBOX_ICONS.settings}
              label={words('inbox.settings')}
              onClick={go('settings')}
            />
          </>
        }
      >
        <div class="titles">
          <h2 class="title">
            <slot name="header">{words('chat.inbox')}</slot>
          </h2>
        </div>
      </Header>
      {state.screen.name === 'list' && <Notes ui={ui} />}
      <div class="scroll">
        <Requests ui={ui} />
        {isEmpty ? (
          <div class="whole">
            <span class="mark">
              <Icon path={INBOX_ICONS.chats} />
            </span>
            <p class="empty-title">{words('inbox.empty')}</p>
            <p>{words('inbox.empty-text')}</p>
            <button type="button" class="button" onClick={go('me')}>
              {words('inbox.me')}
            </button>
            <button type="button" class="button quiet" onClick={go('add')}>
              {words('inbox.new')}
            </button>
            <button type="button" class="link" onClick={go('restore')}>
              {words('welcome.restore')}
            </button>
          </div>
        ) : (
          <Rows part="list" rows={state.conversations.map((each) => chatRow(ui, each))} />
        )}
      </div>
    </>
  );
}

function Requests({ ui }: { ui: Ui }) {
  const { state, words, dispatch } = ui;
  const { requests, screen } = state;
  if (requests.length === 0) return null;
  const open = screen.name === 'request' ? screen.from : null;
  return (
    <section class="requests" aria-label={words('inbox.requests', { n: requests.length })}>
      <h3 class="section">{words('inbox.requests', { n: requests.length })}</h3>
      <Rows
        rows={requests.map(({ from, name, text }) => ({
          key: from,
          class: 'row',
          isCurrent: from === open,
          open: () => void dispatch({ ask: 'go', screen: { name: 'request', from } }),
          content: (
            <>
              <Avatar address={from} size="m" />
              <span class="row-text">
                <span class="row-title">
                  <bdi>{name === '' ? words('request.unnamed') : name}</bdi>
                </span>
                <span class="row-last">
                  <bdi>{text}</bdi>
                </span>
              </span>
              <span class="dot" />
            </>
          ),
        }))}
      />
    </section>
  );
}

function chatRow(ui: Ui, conversation: ConversationSummary): Row {
  const { state, words, formats, now, dispatch } = ui;
  const { with: contact, last, unread } = conversation;
  const { address } = contact;
  return {
    key: conversation.id,
    class: unread > 0 ? 'row unread' : 'row',
    isCurrent: state.thread?.address === address,
    open: () => void dispatch({ ask: 'open', address }),
    content: (
      <>
        <Avatar address={address} size="m" />
        <span class="row-text">
          <span class="row-title">
            <bdi>{titleOf(ui, address, contact)}</bdi>
          </span>
          <span class="row-last">
            <bdi>{lastOf(ui, conversation)}</bdi>
          </span>
        </span>
        <span class="row-side">
          {last !== null && <time dir="auto">{formats.brief(last.time, now)}</time>}
          {unread > 0 && (
            <span class="count">
              <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
              <span class="unseen">{words('inbox.unread', { n: unread })}</span>
            </span>
          )}
        </span>
      </>
    ),
  };
}

function lastOf({ words }: Ui, { last, with: contact }: ConversationSummary): string {
  if (contact.status === 'blocked') return words('status.blocked');
  if (last === null) return words('inbox.nothing-said');
  if (last.deleted) return words('message.deleted');
  return last.mine ? words('inbox.mine', { text: last.text }) : last.text;
}
