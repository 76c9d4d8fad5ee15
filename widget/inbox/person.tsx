/** About one person: what they are called here, their whole address, what is known and told of whom. */

import { nameOf } from '../panel/names.js';
import type { Ui } from '../panel/ui.js';
import { Avatar } from '../panel/views/avatar.js';
import { Component } from '../render/component.js';
import { Copy } from './copy.js';
import { NameForm } from './name-form.js';
import { ScreenFrame, Sure, WholeAddress } from './screen.js';
import { Hiding, Safety } from './trust.js';

interface PersonProps {
  readonly ui: Ui;
  readonly address: string;
}

interface PersonState {
  /** Nothing below the safety number is shown before: it would move away under the finger. */
  readonly hasLooked: boolean;
}

export class Person extends Component<PersonProps, PersonState> {
  override state: PersonState = { hasLooked: false };
  #isLooking = false;

  override componentDidMount(): void {
    this.#look();
  }

  override componentDidUpdate(): void {
    this.#look();
  }

  #look(): void {
    const { ui, address } = this.props;
    if (this.#isLooking || !ui.state.thread?.contact) return;
    this.#isLooking = true;
    void ui.dispatch({ ask: 'safety', address }).then(() => this.setState({ hasLooked: true }));
  }

  override render({ ui, address }: PersonProps, { hasLooked }: PersonState) {
    const { state, words, dispatch } = ui;
    const contact = state.thread?.contact ?? null;
    const name = nameOf(ui, contact);
    const safetyNumber = state.thread?.safetyNumber ?? null;
    return (
      <ScreenFrame ui={ui} title={words('person.title')} back={{ name: 'conversation', address }}>
        <div class="asking">
          <Avatar address={address} size="l" />
          {contact !== null && contact.profileName !== '' && (
            <p class="hint">{words('person.calls', { name: contact.profileName })}</p>
          )}
          {contact?.invite && (
            <p class="hint">{words('person.came-by', { label: contact.invite })}</p>
          )}
        </div>
        {contact !== null && (
          <NameForm
            ui={ui}
            label={words('person.name')}
            hint={words('person.name-hint')}
            name={contact.name}
            save={(next) => dispatch({ ask: 'rename', address, name: next })}
          />
        )}
        <h3 class="section">{words('person.address')}</h3>
        <WholeAddress address={address} />
        <Copy ui={ui} text={address} label={words('me.copy-address')} isQuiet />
        {contact !== null && safetyNumber !== null && (
          <Safety ui={ui} contact={contact} name={name} digits={safetyNumber} />
        )}
        {hasLooked && contact !== null && contact.status !== 'blocked' && (
          <>
            <h3 class="section">{words('person.connection')}</h3>
            <Hiding ui={ui} contact={contact} name={name} />
          </>
        )}
        {hasLooked && contact !== null && <Endings ui={ui} address={address} name={name} />}
      </ScreenFrame>
    );
  }
}

function Endings({ ui, address, name }: { ui: Ui; address: string; name: string }) {
  const { state, words, dispatch } = ui;
  const isBlocked = state.thread?.contact?.status === 'blocked';
  return (
    <div class="last">
      {isBlocked ? (
        <button
          type="button"
          class="button quiet"
          onClick={() => void dispatch({ ask: 'unblock', address })}
        >
          {words('person.unblock')}
        </button>
      ) : (
        <Sure
          ui={ui}
          label={words('person.block')}
          text={words('person.block-text', { name })}
          onSure={() => void dispatch({ ask: 'block', address })}
        />
      )}
      {state.target.kind === 'inbox' && (
        <Sure
          ui={ui}
          label={words('person.remove')}
          text={words('person.remove-text')}
          onSure={() => void dispatch({ ask: 'remove', address })}
        />
      )}
    </div>
  );
}
