/** My address: as a code to scan, a link to share, and the bare characters. */

import { useEffect, useState } from 'preact/hooks';
import type { Ui } from '../panel/ui.js';
import { Copy } from './copy.js';
import { MyName } from './name-form.js';
import { ScreenFrame, WholeAddress } from './screen.js';

export function Me({ ui }: { ui: Ui }) {
  const { state, words, dispatch } = ui;
  const { me, link } = state;
  useEffect(() => void dispatch({ ask: 'link' }), [me === null]);
  if (me === null) return <p class="choose">{words('chat.loading')}</p>;
  return (
    <ScreenFrame ui={ui} title={words('me.title')}>
      {me.name === '' && <MyName ui={ui} />}
      <p class="hint">{words('me.text')}</p>
      <div class="code" role="img" aria-label={words('me.qr')}>
        {link !== null && <Qr text={link} />}
      </div>
      {link !== null && <Copy ui={ui} text={link} label={words('me.copy-link')} />}
      <h3 class="section">{words('me.address')}</h3>
      <WholeAddress address={me.address} />
      <Copy ui={ui} text={me.address} label={words('me.copy-address')} isQuiet />
    </ScreenFrame>
  );
}

/** Drawn as one path, once the code that makes it is there. */
function Qr({ text }: { text: string }) {
  const [code, setCode] = useState<{ readonly size: number; readonly path: string } | null>(null);
  useEffect(() => {
    // Without it the link beside it says the same.
    import('./qr-code.js').then(
      ({ qrCode }) => setCode(qrCode(text)),
      () => undefined,
    );
  }, [text]);
  if (code === null) return null;
  return (
    <svg viewBox={`0 0 ${code.size} ${code.size}`} shape-rendering="crispEdges" aria-hidden="true">
      <path d={code.path} />
    </svg>
  );
}
