/** The links I gave out: who came by each, and a way to stop one without the others. */

import type { InvitationChange, IssuedInvitation } from '../../sdk/index.js';
import type { Ui } from '../panel/ui.js';
import { Component } from '../render/component.js';
import { backupFault as faultOf } from './backup-fault.js';
import { Copy } from './copy.js';
import { InviteForm } from './invite-form.js';
import { Qr } from './qr.js';
import { ScreenFrame, Sure } from './screen.js';

interface InvitationsState {
  /** Null before they were read. */
  readonly all: readonly IssuedInvitation[] | null;
  readonly fault: string | null;
}

export class InvitationsScreen extends Component<{ ui: Ui }, InvitationsState> {
  override state: InvitationsState = { all: null, fault: null };

  override componentDidMount(): void {
    this.#read();
  }

  readonly #read = (): void => {
    void this.props.ui.dispatch({
      ask: 'invitations',
      got: (all) => this.setState(typeof all === 'string' ? { fault: all } : { all, fault: null }),
    });
  };

  readonly #change = (id: string, change: InvitationChange | null): void => {
    void this.props.ui.dispatch({
      ask: 'change-invitation',
      id,
      change,
      got: (fault) => {
        if (fault === null) this.#read();
        else this.setState({ fault });
      },
    });
  };

  override render({ ui }: { ui: Ui }, { all, fault }: InvitationsState) {
    const { words } = ui;
    return (
      <ScreenFrame ui={ui} title={words('invitations.title')} back={{ name: 'me' }}>
        <p class="hint">{words('invitations.text')}</p>
        {fault !== null && (
          <p class="hint fault" role="alert">
            {words(faultOf(fault))}
          </p>
        )}
        <InviteForm
          ui={ui}
          onMade={this.#read}
          onFault={(code) => this.setState({ fault: code })}
        />
        <ul class="invitations">
          {(all ?? []).map((each) => (
            <Invitation
              key={each.id}
              ui={ui}
              invitation={each}
              change={(change) => this.#change(each.id, change)}
            />
          ))}
        </ul>
      </ScreenFrame>
    );
  }
}

interface InvitationProps {
  readonly ui: Ui;
  readonly invitation: IssuedInvitation;
  readonly change: (change: InvitationChange | null) => void;
}

class Invitation extends Component<InvitationProps, { readonly isOpen: boolean }> {
  override state = { isOpen: false };

  override render({ ui, invitation, change }: InvitationProps, { isOpen }: { isOpen: boolean }) {
    const { words, state } = ui;
    const { link, policy } = invitation;
    const isPaused = invitation.state === 'paused';
    return (
      <li class="invitation">
        <button
          type="button"
          class="invitation-head"
          aria-expanded={isOpen}
          onClick={() => this.setState({ isOpen: !isOpen })}
        >
          <bdi class="invitation-name">{invitation.label || words('invitations.plain')}</bdi>
          <span class={invitation.state === 'open' ? 'hint good' : 'hint'}>
            {words(`invitations.is-${invitation.state}`)}
          </span>
        </button>
        <p class="hint">{factsOf(ui, invitation)}</p>
        {isOpen && (
          <>
            <p class="hint">{words(`invitations.policy-${policy}`)}</p>
            <Qr text={link} label={words('invitations.qr')} />
            <Copy ui={ui} text={link} label={words('me.copy-link')} isQuiet />
            <Copy
              ui={ui}
              text={snippetOf(state.me?.address ?? '', invitation)}
              label={words('invitations.snippet')}
              isQuiet
            />
            <div class="buttons">
              <button
                type="button"
                class="button quiet"
                onClick={() => change({ paused: !isPaused })}
              >
                {words(isPaused ? 'invitations.resume' : 'invitations.pause')}
              </button>
              <Sure
                ui={ui}
                label={words('invitations.withdraw')}
                text={words('invitations.withdraw-text')}
                onSure={() => change(null)}
              />
            </div>
          </>
        )}
      </li>
    );
  }
}

/** How often it was used, until when it is good, and who was sent away. */
function factsOf({ words, formats, now }: Ui, invitation: IssuedInvitation): string {
  const { used, uses, expiresAt, refused } = invitation;
  const facts = [
    uses === null
      ? words('invitations.used', { n: used })
      : words('invitations.used-of', { n: used, max: uses }),
    expiresAt === null ? '' : words('invitations.until', { date: formats.day(expiresAt, now) }),
    refused === 0 ? '' : words('invitations.refused', { n: refused }),
  ];
  return facts.filter(Boolean).join(' · ');
}

/** For a page of one's own: the relay serves the script. */
function snippetOf(address: string, { token, link }: IssuedInvitation): string {
  const relays = new URLSearchParams(link.slice(link.indexOf('?', link.indexOf('#')))).getAll('r');
  const [relay = 'wss://relay.example'] = relays;
  const script = `${relay.replace(/^ws/, 'http')}/pim-chat.js`;
  const attributes = `to="${address}" relays="${relays.join(' ')}" invite="${token}"`;
  return `<script type="module" src="${script}"></script>\n<pim-chat ${attributes}></pim-chat>\n`;
}
