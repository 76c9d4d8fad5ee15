/** A new invitation: what it is for, who decides, for how long and how many. */

import type { InvitationOptions } from '../../sdk/index.js';
import type { Ui } from '../panel/ui.js';
import { Component } from '../render/component.js';

/** Days a link can be good for; 0: for good. */
const DAYS = [0, 1, 7, 30] as const;
/** People it can let ask; 0: any number. */
const USES = [0, 1, 10, 100] as const;
const DAY_MS = 86_400_000;

interface InviteFormProps {
  readonly ui: Ui;
  readonly onMade: () => void;
  readonly onFault: (code: string) => void;
}

interface InviteFormState {
  readonly label: string;
  readonly welcomes: boolean;
  readonly days: number;
  readonly uses: number;
}

const BLANK: InviteFormState = { label: '', welcomes: false, days: 0, uses: 0 };

export class InviteForm extends Component<InviteFormProps, InviteFormState> {
  override state: InviteFormState = BLANK;

  readonly #submitted = (event: Event): void => {
    event.preventDefault();
    const { ui, onMade, onFault } = this.props;
    const { label, welcomes, days, uses } = this.state;
    const options: InvitationOptions = {
      label: label.trim(),
      policy: welcomes ? 'accept' : 'ask',
      expiresAt: days === 0 ? null : Date.now() + days * DAY_MS,
      uses: uses === 0 ? null : uses,
    };
    void ui.dispatch({
      ask: 'invite',
      options,
      got: (made) => {
        if (typeof made === 'string') return onFault(made);
        this.setState(BLANK);
        onMade();
      },
    });
  };

  override render({ ui }: InviteFormProps, { label, welcomes, days, uses }: InviteFormState) {
    const { words } = ui;
    return (
      <form class="form" onSubmit={this.#submitted}>
        <label for="invite-label">{words('invitations.label')}</label>
        <input
          id="invite-label"
          dir="auto"
          autoComplete="off"
          maxLength={40}
          placeholder={words('invitations.label-example')}
          value={label}
          onInput={({ currentTarget }) => this.setState({ label: currentTarget.value })}
        />
        <div class="line choices">
          <Choice
            id="invite-days"
            label={words('invitations.days')}
            value={days}
            options={DAYS.map((n) => [
              n,
              words(n === 0 ? 'invitations.no-end' : 'invitations.for-days', { n }),
            ])}
            onPick={(picked) => this.setState({ days: picked })}
          />
          <Choice
            id="invite-uses"
            label={words('invitations.uses')}
            value={uses}
            options={USES.map((n) => [
              n,
              words(n === 0 ? 'invitations.any-number' : 'invitations.for-people', { n }),
            ])}
            onPick={(picked) => this.setState({ uses: picked })}
          />
        </div>
        <label class="check">
          <input
            type="checkbox"
            checked={welcomes}
            onInput={({ currentTarget }) => this.setState({ welcomes: currentTarget.checked })}
          />
          {words('invitations.welcome')}
        </label>
        <div class="buttons">
          <button type="submit" class="button">
            {words('invitations.make')}
          </button>
        </div>
      </form>
    );
  }
}

interface ChoiceProps {
  readonly id: string;
  readonly label: string;
  readonly value: number;
  readonly options: readonly (readonly [number, string])[];
  readonly onPick: (value: number) => void;
}

function Choice({ id, label, value, options, onPick }: ChoiceProps) {
  return (
    <div class="choice">
      <label for={id}>{label}</label>
      <select id={id} onInput={({ currentTarget }) => onPick(Number(currentTarget.value))}>
        {options.map(([each, text]) => (
          <option key={each} value={each} selected={each === value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
