/** Somebody unknown asks to talk: who they say they are, what they say, whole address, three answers. */

import type { Ui } from '../panel/ui.js';
import { Avatar } from '../panel/views/avatar.js';
import { ICONS, Icon } from '../panel/views/icon.js';
import { ScreenFrame, WholeAddress } from './screen.js';

/** Meanwhile: in another tab, or in another chat of this page. */
function Answered({ ui }: { ui: Ui }) {
  return (
    <ScreenFrame ui={ui} title={ui.words('request.title')}>
      <p class="hint">{ui.words('fault.request/unknown')}</p>
    </ScreenFrame>
  );
}

export function RequestScreen({ ui, from }: { ui: Ui; from: string }) {
  const { state, words, formats, now, dispatch } = ui;
  const request = state.requests.find((each) => each.from === from);
  if (request === undefined) return <Answered ui={ui} />;
  const { name, text, invite, receivedAt } = request;
  return (
    <ScreenFrame ui={ui} title={words('request.title')}>
      <div class="asking">
        <Avatar address={from} size="l" />
        <p class="asking-name">
          {name === '' ? words('request.unnamed') : words('request.says', { name })}
        </p>
        <p class="hint">
          {invite === null && words('request.plain')}
          {invite === '' && words('request.by-mine')}
          {invite !== null && invite !== '' && words('request.by', { label: invite })}
          {' · '}
          <time dir="auto">{formats.brief(receivedAt, now)}</time>
        </p>
      </div>
      {text !== '' && (
        <div class="bubble" part="message message-theirs">
          <p dir="auto">{text}</p>
        </div>
      )}
      <h3 class="section">{words('request.address')}</h3>
      <WholeAddress address={from} />
      <p class="hint lead">
        <Icon path={ICONS.lock} />
        {words('request.unanswered')}
      </p>
      <div class="buttons">
        <button type="button" class="button" onClick={() => void dispatch({ ask: 'accept', from })}>
          {words('request.accept')}
        </button>
        <button
          type="button"
          class="button quiet"
          onClick={() => void dispatch({ ask: 'decline', from })}
        >
          {words('request.decline')}
        </button>
        <button
          type="button"
          class="button quiet danger"
          onClick={() => void dispatch({ ask: 'block', address: from })}
        >
          {words('request.block')}
        </button>
      </div>
    </ScreenFrame>
  );
}
