/** A text and a button that copies it, also where the page may not use the clipboard. */

import { useRef, useState } from 'preact/hooks';
import type { Ui } from '../panel/ui.js';

interface CopyProps {
  readonly ui: Ui;
  readonly text: string;
  readonly label: string;
  readonly isQuiet?: boolean;
}

export function Copy({ ui, text, label, isQuiet = false }: CopyProps) {
  const { words } = ui;
  const [done, setDone] = useState<'not yet' | 'copied' | 'by hand'>('not yet');
  const field = useRef<HTMLInputElement>(null);
  const copy = async (): Promise<void> => {
    setDone((await copied(text, field.current)) ? 'copied' : 'by hand');
    field.current?.select();
  };
  return (
    <div class="copy">
      <input
        ref={field}
        class={done === 'by hand' ? '' : 'unseen'}
        dir="ltr"
        readOnly
        tabIndex={-1}
        aria-label={label}
        value={text}
      />
      <button type="button" class={isQuiet ? 'button quiet' : 'button'} onClick={() => void copy()}>
        {done === 'copied' ? words('chat.copied') : label}
      </button>
      <p class="hint" role="status">
        {done === 'by hand' && words('chat.copy-by-hand')}
        {done === 'copied' && <span class="unseen">{words('chat.copied')}</span>}
      </p>
    </div>
  );
}

/** The clipboard, else the older command, which works without permission from within a press. */
async function copied(text: string, field: HTMLInputElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    field?.select();
    return document.execCommand?.('copy') ?? false;
  }
}
