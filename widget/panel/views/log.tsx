/**
 * The messages, newest in sight while the reader is there. Whoever reads further up is helped by the
 * comforts: they keep the place, and fetch what is earlier or later.
 */

import { Component, createRef } from '../../render/component.js';
import { nameOf } from '../names.js';
import type { Thread } from '../state.js';
import { timeline } from '../timeline.js';
import type { Ui } from '../ui.js';
import { Empty } from './empty.js';
import { Group } from './message.js';

/** Pixels from the end that still count as being there. */
const NEAR_END = 60;
/** Milliseconds an announcement stands; a screen reader takes it up within one. */
const HUSH_MS = 3000;

interface LogProps {
  readonly ui: Ui;
  readonly thread: Thread;
}
interface LogState {
  /** What is read out: the newest message of the other person, never a page of history. */
  readonly said: string;
}

export class Log extends Component<LogProps, LogState> {
  override state: LogState = { said: '' };
  readonly #log = createRef<HTMLDivElement>();
  #observer: ResizeObserver | null = null;
  #hush: ReturnType<typeof setTimeout> | undefined;
  #isAtEnd = true;

  override componentDidMount(): void {
    const log = this.#log.current;
    if (log === null) return;
    // A taller composer or a keyboard makes the log shorter: the newest stays in sight.
    this.#observer = new ResizeObserver(() => this.#stay());
    this.#observer.observe(log);
    this.#stay();
  }

  override componentWillUnmount(): void {
    this.#observer?.disconnect();
    clearTimeout(this.#hush);
  }

  override componentDidUpdate({ thread: before }: LogProps): void {
    const { messages, newer } = this.props.thread;
    const last = messages.at(-1);
    const isNews = last !== undefined && last.id !== before.messages.at(-1)?.id;
    if (isNews && before.loading === null && !before.newer) {
      if (last.mine) this.#isAtEnd = true;
      else this.#say(last.text);
    }
    if (!newer) this.#stay();
  }

  #say(text: string): void {
    this.setState({ said: text });
    clearTimeout(this.#hush);
    // Read out by then; who reads on by themselves finds every message once.
    this.#hush = setTimeout(() => this.setState({ said: '' }), HUSH_MS);
  }

  #stay(): void {
    const log = this.#log.current;
    if (log !== null && this.#isAtEnd) log.scrollTop = log.scrollHeight;
  }

  readonly #scrolled = (): void => {
    const log = this.#log.current;
    if (log === null) return;
    const rest = log.scrollHeight - log.scrollTop - log.clientHeight;
    this.#isAtEnd = rest < NEAR_END && !this.props.thread.newer;
  };

  override render() {
    const { ui, thread } = this.props;
    const { words, comforts } = ui;
    const { said } = this.state;
    const name = nameOf(ui, thread.contact);
    return (
      <div class="log-frame">
        <div
          class="log"
          part="log"
          ref={this.#log}
          role="log"
          aria-live="off"
          aria-label={words('message.log', { name })}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller has to be reached by keyboard
          tabIndex={0}
          onScroll={this.#scrolled}
        >
          {thread.messages.length === 0 && thread.loading === null ? (
            <Empty ui={ui} thread={thread} />
          ) : (
            <Items ui={ui} thread={thread} />
          )}
          {comforts && <comforts.Below ui={ui} thread={thread} />}
          <Waiting ui={ui} thread={thread} name={name} />
        </div>
        {comforts && <comforts.Beside ui={ui} thread={thread} />}
        <p class="unseen" role="status">
          {said !== '' && words('message.from', { name, text: said })}
        </p>
      </div>
    );
  }
}

function Items({ ui, thread }: LogProps) {
  const { words, formats, now } = ui;
  const items = timeline(thread.messages, thread.newFrom, formats.dayKey);
  return (
    <ol class="items">
      {!thread.more && <li class="hint">{words('message.begin')}</li>}
      {items.map((item) => {
        if (item.kind === 'group') {
          return <Group key={item.key} ui={ui} mine={item.mine} messages={item.messages} />;
        }
        return (
          <li key={item.key} class={item.kind}>
            <span>{item.kind === 'day' ? formats.day(item.time, now) : words('message.new')}</span>
          </li>
        );
      })}
    </ol>
  );
}

/** What becomes of words that cannot arrive yet, said plainly. */
function Waiting({ ui, thread, name }: LogProps & { name: string }) {
  const { contact, connection, messages } = thread;
  const isWaiting = messages.some(({ status }) => status === 'waiting');
  if (contact?.status === 'requested' && messages.length > 0) {
    return <p class="wait">{ui.words('wait.request', { name })}</p>;
  }
  const isAway = connection !== null && connection.state === 'offline';
  return isWaiting && isAway ? <p class="wait">{ui.words('wait.away')}</p> : null;
}
