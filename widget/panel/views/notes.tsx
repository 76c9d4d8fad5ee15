/** What a person should know beside the conversation: problems with a way on, and lasting truths. */

import { type Problem, problemOf } from '../status.js';
import type { Ui } from '../ui.js';
import { ICONS, Icon, IconButton } from './icon.js';

export function Notes({ ui }: { ui: Ui }) {
  const { state, words } = ui;
  const problem = problemOf(state);
  return (
    <div class="notes">
      {state.settings.allowInsecure && !globalThis.isSecureContext && (
        <p class="note error" part="note">
          <Icon path={ICONS.alert} />
          {words('note.insecure')}
        </p>
      )}
      {/* Always there: a live region that comes together with its words is often not read out. */}
      <div role="alert">{problem !== null && <Told ui={ui} problem={problem} />}</div>
      {state.me?.isPersistent === false && (
        <p class="note" part="note">
          <Icon path={ICONS.waiting} />
          {words('note.memory')}
        </p>
      )}
    </div>
  );
}

function Told({ ui, problem }: { ui: Ui; problem: Problem }) {
  const { words, dispatch } = ui;
  return (
    <div class={`note ${problem.tone}`} part="note">
      <Icon path={ICONS.alert} />
      <p>{words(problem.key)}</p>
      {problem.way === 'retry' && (
        <button type="button" class="link" onClick={() => void dispatch({ ask: 'retry' })}>
          {words('action.retry')}
        </button>
      )}
      {problem.way === 'reload' && <Reload ui={ui} />}
      {problem.canDismiss && (
        <IconButton
          icon={ICONS.close}
          class="small"
          label={words('chat.dismiss')}
          onClick={() => void dispatch({ ask: 'dismiss' })}
        />
      )}
    </div>
  );
}

export function Reload({ ui, class: name = 'link' }: { ui: Ui; class?: string }) {
  return (
    <button type="button" class={name} onClick={() => location.reload()}>
      {ui.words('action.reload')}
    </button>
  );
}
