/** The rules of the panel: its frame in the three modes, what all panes share, the conversation. */

import { THREAD_STYLES } from './thread.js';

/** Under this width the bubble opens over the whole screen. */
const SMALL = '(max-width:479.98px),(max-height:479.98px)';

/** Beside notches and bars of the system. */
const SAFE = ['top', 'right', 'bottom', 'left']
  .map((side) => `env(safe-area-inset-${side})`)
  .join(' ');

const FRAME = `
.place{display:contents}
.panel{display:flex;flex-direction:column;box-sizing:border-box;overflow:hidden;overflow:clip;
 background:var(--_surface);color:var(--_text);font-size:var(--_font-size);line-height:1.45;
 text-align:start;container:panel/inline-size;block-size:100%;outline:none}
:where(.panel :is(h2,h3,p,ul,ol)){margin:0;padding:0;list-style:none;font:inherit}
:where(.panel :is(button,input,textarea)){font:inherit;color:inherit;margin:0;letter-spacing:inherit}
:where(.panel :is(button,a)){touch-action:manipulation;-webkit-tap-highlight-color:transparent}
:where(.panel button){cursor:pointer}
:where(.panel) :focus-visible{outline:2px solid var(--_accent);outline-offset:2px}
.panes{flex:1;display:flex;min-block-size:0}
.main,.side{flex:1;display:flex;flex-direction:column;min-inline-size:0;min-block-size:0}
.edge{display:none}
.unseen{position:absolute!important;inline-size:1px;block-size:1px;padding:0;border:0;overflow:hidden;
 clip-path:inset(50%);white-space:nowrap}
[data-mode=inline] .panel{border:1px solid var(--_line);border-radius:var(--_radius)}
[data-mode=bubble]:not([data-open]) .panel{display:none}
[data-mode=bubble] .panel{position:absolute;inset-inline-end:0;inset-block-end:calc(var(--_launcher) + 16px);
 inline-size:min(var(--_width),100vw - 2*var(--_inline));
 block-size:min(var(--_height),100vh - var(--_launcher) - 2*var(--_block) - 24px);
 border-radius:var(--_radius);box-shadow:var(--_shadow),0 0 0 1px var(--_line);outline:1px solid transparent;transform-origin:100% 100%;
 animation:rise .22s cubic-bezier(.2,.9,.3,1)}
[data-side=start] .panel{inset-inline:0 auto}
[data-edge=top] .panel{inset-block:calc(var(--_launcher) + 16px) auto}
@keyframes rise{from{opacity:0;transform:translateY(14px) scale(.97)}}
@media ${SMALL}{
 [data-mode=bubble] .panel{position:fixed;inset:var(--_visible-top,0px) 0 auto;inline-size:auto;
  block-size:100vh;block-size:var(--_visible,100dvh);border-radius:0;box-shadow:none;
  padding:${SAFE}}
 [data-mode=bubble][data-open]>.launch{display:none}
 [data-mode=bubble] .edge{display:block;position:absolute;outline:none}
}
[data-mode=page] .panel{padding:${SAFE}}
@media (pointer:coarse){[data-mode=page] .panel{block-size:var(--_visible,100%)}}
`;

const SHARED = `
.header{display:flex;align-items:center;gap:12px;flex:none;min-block-size:68px;box-sizing:border-box;
 padding-block:10px;padding-inline:16px 12px;border-block-end:1px solid var(--_line)}
.titles{flex:1;min-inline-size:0}
.title{font-weight:650;font-size:1.0667em;line-height:1.3;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.status{display:flex;align-items:center;gap:6px;color:var(--_muted);font-size:.8667em;line-height:1.35}
.status::before{content:'';flex:none;inline-size:8px;block-size:8px;border-radius:50%;background:currentColor;opacity:.55}
.status.here::before{background:var(--_good);opacity:1}
.status.busy::before{background:var(--_accent);opacity:1;animation:pulse 1s infinite alternate}
@keyframes pulse{to{opacity:.25;transform:scale(.75)}}
.actions{display:flex;gap:2px}
.icon{display:block;inline-size:22px;block-size:22px;fill:none;stroke:currentColor;stroke-width:1.9;
 stroke-linecap:round;stroke-linejoin:round;flex:none}
.icon-button{display:grid;place-items:center;flex:none;inline-size:40px;block-size:40px;padding:0;border:0;
 border-radius:12px;background:none;color:var(--_muted)}
.icon-button.small{inline-size:28px;block-size:28px;margin-block:-4px}
.icon-button.small .icon{inline-size:16px;block-size:16px}
.who{padding:0;border:0;background:none;border-radius:14px;flex:none}
@media (hover:hover){
 .icon-button:hover{background:var(--_hover);color:var(--_text)}
 .button:hover{filter:brightness(1.08)}
}
.avatar{display:block;flex:none;border-radius:32%;inline-size:42px;block-size:42px}
.avatar.l{inline-size:76px;block-size:76px}
.button{display:inline-flex;align-items:center;justify-content:center;min-block-size:42px;padding:8px 20px;box-sizing:border-box;
 border:1px solid transparent;border-radius:13px;background:var(--_accent);color:var(--_on-accent);font-weight:600;
 text-decoration:none;text-align:center}
.link{padding:4px 2px;border:0;background:none;font-weight:650;text-decoration:underline;text-underline-offset:3px;
 white-space:nowrap;flex:none}
.note{display:flex;align-items:center;gap:10px;padding:9px 16px;background:var(--_sunken);color:var(--_muted);
 font-size:.8667em;line-height:1.4;border-block-end:1px solid var(--_line)}
.note>p{flex:1;min-inline-size:0}
.note .icon{inline-size:18px;block-size:18px}
.note.error{background:var(--_note);color:var(--_note-text);border-color:transparent}
.note .icon-button{color:inherit}
.whole{display:flex;flex-direction:column;align-items:center;justify-content:center;gap:14px;flex:1;
 padding:32px 28px;text-align:center;text-wrap:pretty;overflow-y:auto}
.whole>p{max-inline-size:32em;color:var(--_muted)}
.whole>.empty-title,.empty-title{font-size:1.2em;font-weight:650;color:var(--_text)}
.mark{display:grid;place-items:center;inline-size:60px;block-size:60px;border-radius:50%;border-end-end-radius:18px;
 background:color-mix(in srgb,var(--_accent) 13%,transparent);color:var(--_accent)}
.mark .icon{inline-size:28px;block-size:28px}
.hint{color:var(--_muted);font-size:.8667em}
@media (forced-colors:active){
 .button,.note,.mark,.field{border:1px solid}
 .avatar{forced-color-adjust:none}
 .status::before{forced-color-adjust:none}
}
`;

export const PANEL_STYLES = FRAME + SHARED + THREAD_STYLES;
