/**
 * The messages, with a scroll that never jumps: it stays at the newest while it is there, and
 * keeps what is read in place while earlier ones come in above.
 */

import { Component, createRef } from '../../render/component.js';
import { nameOf } from '../names.js';
import type { Thread } from '../state.js';
import { timeline } from '../timeline.js';
import type { Ui } from '../ui.js';
import { Empty } from './empty.js';
import { ICONS, Icon } from './icon.js';
import { Group } from './message.js';

/** Pixels from an end that still count as being there. */
const NEAR_END = 60;
const NEAR_START = 240;
/** Milliseconds an announcement stands; a screen reader takes it up within one. */
const HUSH_MS = 3000;

interface LogProps {
  readonly ui: Ui;
  readonly thread: Thread;
}
interface LogState {
  /** Messages that came while the reader was further up; null while they are at the newest. */
  readonly missed: number | null;
  /** What is read out: the newest message of the other person, never a page of history. */
  readonly said: string;
}
interface Snapshot {
  readonly height: number;
  readonly top: number;
}

export class Log extends Component<LogProps, LogState> {
  override state: LogState = { missed: null, said: '' };
  readonly #log = createRef<HTMLDivElement>();
  #observer: ResizeObserver | null = null;
  #hush: ReturnType<typeof setTimeout> | undefined;

  override componentDidMount(): void {
    this.#toNewest(false);
    const log = this.#log.current;
    if (log === null) return;
    // A taller composer or a keyboard makes the log shorter: the newest stays in sight.
    this.#observer = new ResizeObserver(() => {
      if (this.state.missed === null) this.#toNewest(false);
    });
    this.#observer.observe(log);
  }

  override componentWillUnmount(): void {
    this.#observer?.disconnect();
    clearTimeout(this.#hush);
  }

  override getSnapshotBeforeUpdate(): Snapshot {
    const log = this.#log.current;
    return { height: log?.scrollHeight ?? 0, top: log?.scrollTop ?? 0 };
  }

  override componentDidUpdate(before: LogProps, _state: LogState, snapshot: Snapshot): void {
    const log = this.#log.current;
    if (log === null) return;
    const [old, now] = [before.thread.messages, this.props.thread.messages];
    if (old === now) {
      if (this.state.missed === null) this.#toNewest(false);
      return;
    }
    const [oldLast, last] = [old.at(-1), now.at(-1)];
    const hasNew = last !== undefined && last.id !== oldLast?.id;
    if (old[0]?.id !== now[0]?.id && old.length > 0) {
      log.scrollTop = snapshot.top + log.scrollHeight - snapshot.height;
    }
    if (hasNew && !last.mine && before.thread.loading === null) this.#say(last.text);
    if (this.state.missed === null || (hasNew && last.mine)) this.#toNewest(false);
    else if (hasNew) this.setState({ missed: this.state.missed + 1 });
  }

  #say(text: string): void {
    this.setState({ said: text });
    clearTimeout(this.#hush);
    // Read out by then; who reads on by themselves finds every message once.
    this.#hush = setTimeout(() => this.setState({ said: '' }), HUSH_MS);
  }

  #toNewest(isSmooth: boolean): void {
    const log = this.#log.current;
    const isStill = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? true;
    log?.scrollTo?.({ top: log.scrollHeight, behavior: isSmooth && !isStill ? 'smooth' : 'auto' });
    if (this.state.missed !== null) this.setState({ missed: null });
  }

  readonly #scrolled = (): void => {
    const log = this.#log.current;
    if (log === null) return;
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
    if (isAtEnd !== (this.state.missed === null)) this.setState({ missed: isAtEnd ? null : 0 });
    if (log.scrollTop < NEAR_START && this.props.thread.more) {
      void this.props.ui.dispatch({ ask: 'older' });
    }
  };

  override render() {
    const { ui, thread } = this.props;
    const { words } = ui;
    const { missed, said } = this.state;
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
          {thread.loading === 'older' && <p class="older">{words('message.older')}</p>}
          {thread.messages.length === 0 && thread.loading === null ? (
            <Empty ui={ui} thread={thread} />
          ) : (
            <Items ui={ui} thread={thread} />
          )}
          <Waiting ui={ui} thread={thread} name={name} />
        </div>
        <p class="unseen" role="status">
          {said !== '' && words('message.from', { name, text: said })}
        </p>
        {missed !== null && (
          <button type="button" class="jump" part="jump" onClick={() => this.#toNewest(true)}>
            <Icon path={ICONS.down} />
            {words(missed > 0 ? 'message.jump-new' : 'message.jump', { n: missed })}
          </button>
        )}
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
