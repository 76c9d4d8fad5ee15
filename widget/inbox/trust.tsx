/** What I know of somebody's key, and what they learn of me: the safety number, and my IP address. */

import type { Contact } from '../../sdk/index.js';
import { faultKey } from '../panel/fault.js';
import type { Ui } from '../panel/ui.js';
import { Component } from '../render/component.js';
import { Qr } from './qr.js';
import { Switch } from './switch.js';

interface SafetyProps {
  readonly ui: Ui;
  readonly contact: Contact;
  readonly name: string;
  /** Twelve groups of five digits. */
  readonly digits: string;
}

/** The number in digits and as a code, the same on both sides, and whether it was compared. */
export function Safety({ ui, contact, name, digits }: SafetyProps) {
  const { words, formats, now, dispatch } = ui;
  const { address, comparedAt } = contact;
  const isCompared = comparedAt !== null;
  return (
    <>
      <h3 class="section">{words('person.safety')}</h3>
      <code class="address safety" dir="ltr">
        {(digits.match(/\d{5}/g) ?? []).map((group, index) => (
          <span key={index}>{group}</span>
        ))}
      </code>
      <Qr text={digits.replace(/\D/g, '')} label={words('person.safety-qr')} />
      <p class="hint">{words('person.safety-text', { name })}</p>
      {isCompared && (
        <p class="hint good">{words('person.compared', { date: formats.day(comparedAt, now) })}</p>
      )}
      <div class="buttons">
        <button
          type="button"
          class="button quiet"
          onClick={() => void dispatch({ ask: 'compared', address, isSame: !isCompared })}
        >
          {words(isCompared ? 'person.compared-not' : 'person.compare')}
        </button>
      </div>
    </>
  );
}

interface HidingState {
  readonly fault: string | null;
}

/** Whether they learn my IP address. */
export class Hiding extends Component<{ ui: Ui; contact: Contact; name: string }, HidingState> {
  override state: HidingState = { fault: null };

  readonly #turn = (): void => {
    const { ui, contact } = this.props;
    void ui.dispatch({
      ask: 'relay-only',
      address: contact.address,
      isOn: !contact.relayOnly,
      got: (fault) => this.setState({ fault }),
    });
  };

  override render(
    { ui, contact, name }: { ui: Ui; contact: Contact; name: string },
    { fault }: HidingState,
  ) {
    const { words } = ui;
    return (
      <>
        <Switch label={words('person.hide')} isOn={contact.relayOnly} onTurn={this.#turn} />
        {fault !== null && (
          <p class="hint fault" role="alert">
            {words(faultKey({ code: fault, detail: null }))}
          </p>
        )}
        <p class="hint">{words('person.hide-text', { name })}</p>
      </>
    );
  }
}
