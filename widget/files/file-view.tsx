/**
 * The file in a bubble: a picture once it is here and is one, else its name, how far it is, and what
 * can be done about it. What others call it and say it is, is text.
 */

import type { FileStatus, Message } from '../../sdk/index.js';
import { faultKey, toFault } from '../panel/fault.js';
import type { Ui } from '../panel/ui.js';
import { Icon } from '../panel/views/icon.js';
import type { PimPort } from '../port.js';
import { Component, createRef } from '../render/component.js';
import type { StringKey } from '../strings.js';
import { type Deed, deedsOf, noteOf } from './deeds.js';
import { FILE_ICONS } from './icons.js';
import { draw, isPicture, save } from './picture.js';
import { bytesIn } from './size.js';
import { Viewer } from './viewer.js';

/** Pixels of a picture in a bubble, each side, before the screen's own. */
const PREVIEW = 280;
/** Pixels from its end at which a log is read at its newest. */
const NEAR_END = 60;

interface FileProps {
  readonly ui: Ui;
  readonly message: Message;
}

interface FileViewState {
  readonly status: FileStatus | null;
  readonly picture: File | null;
  readonly isLarge: boolean;
}

export class FileView extends Component<FileProps, FileViewState> {
  override state: FileViewState = { status: null, picture: null, isLarge: false };
  readonly #place = createRef<HTMLDivElement>();
  readonly #canvas = createRef<HTMLCanvasElement>();
  readonly #again = createRef<HTMLInputElement>();
  #undo: (() => void) | null = null;
  #isGone = false;
  #isLoading = false;

  override componentDidMount(): void {
    void this.#use(async (pim) => {
      const { id } = this.props.message;
      const undo = pim.on('file:progress', (status) => {
        if (status.id === id) this.#heard(status);
      });
      if (this.#isGone) return undo();
      this.#undo = undo;
      this.#heard(await pim.files.status(this.#peer, id));
    });
  }

  override componentWillUnmount(): void {
    this.#isGone = true;
    this.#undo?.();
  }

  override getSnapshotBeforeUpdate(): boolean {
    const log = this.#place.current?.closest('.log');
    return !!log && log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
  }

  override componentDidUpdate(_p: FileProps, before: FileViewState, wasAtEnd: boolean): void {
    const { picture } = this.state;
    const canvas = this.#canvas.current;
    const follow = () => {
      const log = this.#place.current?.closest('.log');
      if (wasAtEnd && log) log.scrollTop = log.scrollHeight;
    };
    follow();
    if (picture === before.picture || picture === null || canvas === null) return;
    void draw(picture, canvas, PREVIEW).then((isDrawn) => {
      // It says to be one and cannot be decoded.
      if (!isDrawn) this.setState({ picture: null });
      follow();
    });
  }

  override render({ ui, message }: FileProps, { status, picture, isLarge }: FileViewState) {
    const { file } = message;
    if (file === null) return null;
    const name = status?.name ?? file.name;
    const close = () => this.setState({ isLarge: false });
    return (
      <div class="file" part="file" ref={this.#place}>
        {picture === null ? this.#row(name, file.size) : this.#picture(name)}
        {status !== null && picture === null && this.#deeds(status)}
        {picture !== null && isLarge && (
          <Viewer ui={ui} picture={picture} name={name} onClose={close} />
        )}
      </div>
    );
  }

  #picture(name: string) {
    const { words } = this.props.ui;
    const label = `${words('file.picture', { name })}. ${words('file.open')}`;
    return (
      <button
        type="button"
        class="picture"
        aria-label={label}
        onClick={() => this.setState({ isLarge: true })}
      >
        <canvas ref={this.#canvas} />
      </button>
    );
  }

  #row(name: string, size: number) {
    const { status } = this.state;
    const isUnderWay = status !== null && ['running', 'waiting', 'paused'].includes(status.state);
    return (
      <>
        <div class="file-row">
          <Icon path={FILE_ICONS.file} />
          <div class="file-text">
            <div class="file-name" dir="auto">
              {name}
            </div>
            <div class="file-note">{this.#note(size)}</div>
          </div>
        </div>
        {isUnderWay && (
          <progress max={1} value={size === 0 ? 1 : status.bytes / size} aria-label={name} />
        )}
      </>
    );
  }

  #note(size: number): string {
    const { words, state } = this.props.ui;
    const { status } = this.state;
    const inWords = (bytes: number) => bytesIn(state.settings.language.locale, bytes);
    if (status === null) return inWords(size);
    if (status.reason !== null) return words(faultKey(toFault(status.reason)) as StringKey);
    const note = noteOf(status);
    const isPart = status.bytes > 0 && status.bytes < size;
    const amount = isPart
      ? words('file.progress', { done: inWords(status.bytes), size: inWords(size) })
      : inWords(size);
    return note === null ? amount : `${amount} · ${words(note)}`;
  }

  #deeds(status: FileStatus) {
    const { words } = this.props.ui;
    const deeds = deedsOf(status);
    if (deeds.length === 0) return null;
    return (
      <div class="file-deeds">
        {deeds.map((deed) => (
          <button key={deed.says} type="button" onClick={() => this.#do(deed)}>
            {words(deed.says)}
          </button>
        ))}
        {status.state === 'missing' && (
          <input
            type="file"
            hidden
            aria-label={words('file.choose')}
            ref={this.#again}
            onChange={() => this.#provide()}
          />
        )}
      </div>
    );
  }

  #do({ does }: Deed): void {
    const { id } = this.props.message;
    if (does === 'choose') return this.#again.current?.click();
    void this.#use(async (pim) => {
      if (does === 'save') save(await pim.files.read(this.#peer, id));
      else await pim.files[does](this.#peer, id);
    });
  }

  #provide(): void {
    const file = this.#again.current?.files?.[0];
    const { id } = this.props.message;
    if (file) void this.#use((pim) => pim.files.provide(this.#peer, id, file));
  }

  #heard(status: FileStatus): void {
    if (this.#isGone) return;
    this.setState({ status });
    if (!status.isHere || this.#isLoading || !status.type.startsWith('image/')) return;
    this.#isLoading = true;
    void this.#use(async (pim) => {
      const file = await pim.files.read(this.#peer, status.id);
      if (await isPicture(file)) this.setState({ picture: file });
    });
  }

  #use(use: (pim: PimPort) => Promise<unknown>): Promise<boolean> {
    return this.props.ui.dispatch({ ask: 'use', use });
  }

  get #peer(): string {
    const { mine, to, from } = this.props.message;
    return mine ? to : from;
  }
}
