/** Panes that stand in for everything else: what failed, what is not there yet. */

import type { Child } from '../../render/jsx-runtime.js';
import { type Fault, faultKey, wayOn } from '../fault.js';
import type { Ui } from '../ui.js';
import { Header } from './header.js';
import { ICONS, Icon } from './icon.js';
import { Reload } from './notes.js';

interface WholeProps {
  readonly icon?: string;
  readonly text: string;
  readonly children?: Child;
  readonly isAlert?: boolean;
}

export function Whole({ icon, text, children, isAlert = false }: WholeProps) {
  return (
    <div class="whole" role={isAlert ? 'alert' : undefined}>
      {icon !== undefined && (
        <span class="mark">
          <Icon path={icon} />
        </span>
      )}
      <p>{text}</p>
      {children}
    </div>
  );
}

export function Begin({ ui, label }: { ui: Ui; label: string }) {
  return (
    <button type="button" class="button" onClick={() => void ui.dispatch({ ask: 'begin' })}>
      {label}
    </button>
  );
}

export function Failed({ ui, fault }: { ui: Ui; fault: Fault }) {
  const way = wayOn(fault);
  return (
    <Whole icon={ICONS.alert} text={ui.words(faultKey(fault))} isAlert>
      {way === 'retry' && <Begin ui={ui} label={ui.words('action.retry')} />}
      {way === 'reload' && <Reload ui={ui} class="button" />}
    </Whole>
  );
}

interface InsteadProps {
  readonly ui: Ui;
  readonly title: Child;
  readonly children: Child;
}

/** A pane with a title alone. */
export function Instead({ ui, title, children }: InsteadProps) {
  return (
    <div class="main">
      <Header ui={ui}>
        <div class="titles">
          <h2 class="title">{title}</h2>
        </div>
      </Header>
      {children}
    </div>
  );
}
