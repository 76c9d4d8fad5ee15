/** How one wants to be told of what comes while one looks elsewhere. */

import { type Choice, canNotify, choose, chosen } from '../alerts/choice.js';
import type { Ui } from '../panel/ui.js';
import { Component } from '../render/component.js';
import { Switch } from './switch.js';

interface AlertState {
  readonly choice: Choice;
  readonly isRefused: boolean;
}

export class AlertChoices extends Component<{ readonly ui: Ui }, AlertState> {
  override state: AlertState = { choice: chosen(), isRefused: false };

  readonly #turn = (name: keyof Choice) => async (): Promise<void> => {
    const isDone = await choose({ [name]: !this.state.choice[name] });
    this.setState({ choice: chosen(), isRefused: !isDone });
  };

  override render({ ui }: { ui: Ui }, { choice, isRefused }: AlertState) {
    const { words } = ui;
    return (
      <>
        <h3 class="section">{words('settings.alerts')}</h3>
        <Switch
          label={words('settings.sound')}
          isOn={choice.sound}
          onTurn={() => void this.#turn('sound')()}
        />
        {canNotify() && (
          <Switch
            label={words('settings.notice')}
            isOn={choice.notice}
            onTurn={() => void this.#turn('notice')()}
          />
        )}
        <p class="hint" role="status">
          {isRefused && words('settings.notice-refused')}
        </p>
      </>
    );
  }
}
