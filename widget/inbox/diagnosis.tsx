/** Everything a conversation rests on, tried while the person looks: a sentence for each part. */

import type { Diagnosis, Finding } from '../../sdk/index.js';
import type { Ui } from '../panel/ui.js';
import { ICONS, Icon } from '../panel/views/icon.js';
import { Component } from '../render/component.js';
import { Copy } from './copy.js';
import { INBOX_ICONS } from './icons.js';
import { ScreenFrame } from './screen.js';

interface DiagnosisState {
  readonly found: readonly Finding[];
  readonly done: Diagnosis | null;
  /** The code of why it could not be made. */
  readonly fault: string | null;
}

const SIGNS = {
  good: ICONS.sent,
  warning: ICONS.alert,
  bad: ICONS.close,
  skipped: INBOX_ICONS.skipped,
} as const;

export class DiagnosisScreen extends Component<{ ui: Ui }, DiagnosisState> {
  override state: DiagnosisState = { found: [], done: null, fault: null };
  #run = new AbortController();

  override componentDidMount(): void {
    this.#begin();
  }

  override componentWillUnmount(): void {
    this.#run.abort();
  }

  readonly #begin = (): void => {
    this.#run.abort();
    const run = new AbortController();
    this.#run = run;
    this.setState({ found: [], done: null, fault: null });
    void this.props.ui.dispatch({
      ask: 'diagnose',
      signal: run.signal,
      heard: (finding) => this.setState({ found: [...this.state.found, finding] }),
      got: (done) => {
        if (run.signal.aborted) return;
        this.setState(typeof done === 'string' ? { fault: done } : { done });
      },
    });
  };

  override render({ ui }: { ui: Ui }, { found, done, fault }: DiagnosisState) {
    const { words } = ui;
    const isRunning = done === null && fault === null;
    return (
      <ScreenFrame ui={ui} title={words('diagnosis.title')} back={{ name: 'settings' }}>
        <p class={`verdict is-${done?.status ?? 'open'}`} role="status">
          {fault !== null && words('diagnosis.failed')}
          {isRunning && words('diagnosis.running')}
          {done !== null && words(`diagnosis.is-${done.status}`)}
        </p>
        <ul class="findings" aria-busy={isRunning}>
          {(done?.findings ?? found).map((each) => (
            <Found key={`${each.code} ${each.url}`} ui={ui} found={each} />
          ))}
        </ul>
        {done !== null && (
          <>
            <Copy ui={ui} text={done.report} label={words('diagnosis.copy')} isQuiet />
            <p class="hint">{words('diagnosis.copy-hint')}</p>
          </>
        )}
        <div class="buttons">
          <button type="button" class="button" disabled={isRunning} onClick={this.#begin}>
            {words('diagnosis.again')}
          </button>
        </div>
      </ScreenFrame>
    );
  }
}

function Found({ ui, found }: { ui: Ui; found: Finding }) {
  const { words } = ui;
  const { check, code, status } = found;
  return (
    <li class={`finding is-${status}`}>
      <Icon path={SIGNS[status]} />
      <div>
        <p class="finding-name">
          {words(`diagnosis.of-${check}`)}
          <span class="unseen">{words(`diagnosis.sign-${status}`)}</span>
        </p>
        <p class="hint">
          {words(`diagnosis.${code}`, { name: nameOf(found), n: numberOf(found) })}
        </p>
      </div>
    </li>
  );
}

/** Host and port of a relay or server; of one with several ways in, the way. */
function nameOf({ url }: Finding): string {
  const transport = /[?&]transport=(\w+)/.exec(url ?? '')?.[1];
  const host = (url ?? '').replace(/^[a-z]+:(?:\/\/)?/i, '').replace(/[?/].*$/, '');
  return transport === undefined ? host : `${host} (${transport})`;
}

/** The one number a sentence has. */
function numberOf({ detail }: Finding): number {
  const { latencyMs = 0, aheadMs = 0 } = { ...(detail as Record<string, number> | null) };
  return latencyMs || Math.round(Math.abs(aheadMs) / 60_000);
}
