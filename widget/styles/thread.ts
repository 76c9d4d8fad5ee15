/** The rules of a conversation: the log, its bubbles, and the composer. */

const LOG = `
.log-frame{position:relative;flex:1;min-block-size:0;display:flex}
.log{flex:1;display:flex;flex-direction:column;box-sizing:border-box;min-inline-size:0;overflow:hidden auto;
 overscroll-behavior:contain;overflow-anchor:none;scrollbar-width:thin;scrollbar-color:var(--_line) transparent;
 padding-block:18px 12px;padding-inline:max(16px,(100% - 760px)/2)}
.log:focus-visible{outline-offset:-3px}
.items{margin-block-start:auto}
.items>.hint{text-align:center;font-size:.8em;margin-block:4px 6px}
.day,.new{display:flex;align-items:center;gap:12px;margin-block:20px 8px;color:var(--_muted);font-size:.8em;font-weight:550}
.day::before,.day::after,.new::before,.new::after{content:'';flex:1;block-size:1px;background:var(--_line)}
.new{color:var(--_accent)}
.new::before,.new::after{background:currentColor;opacity:.35}
.group{display:flex;flex-direction:column;align-items:flex-start;gap:3px;margin-block-start:12px}
.group.mine{align-items:flex-end}
.bubble{box-sizing:border-box;max-inline-size:min(82%,36em);padding:9px 14px;border-radius:19px;background:var(--_theirs);
 color:var(--_theirs-text);overflow:hidden;overflow:clip;border-start-start-radius:7px;border-end-start-radius:7px}
.bubble>p{white-space:pre-wrap;overflow-wrap:anywhere;text-align:start}
.bubble:first-child{border-start-start-radius:19px}
.mine>.bubble{background:var(--_mine);color:var(--_mine-text);border-radius:19px;border-start-end-radius:7px;border-end-end-radius:7px}
.mine>.bubble:first-child{border-start-end-radius:19px}
.group:last-child>.bubble:nth-last-child(2){animation:say .2s cubic-bezier(.2,.9,.3,1)}
@keyframes say{from{opacity:0;transform:translateY(6px)}}
.meta{display:flex;align-items:center;gap:7px;padding-inline:6px;color:var(--_muted);font-size:.7667em;line-height:1.5}
.state{display:inline-flex;align-items:center;gap:3px}
.state .icon{inline-size:15px;block-size:15px;stroke-width:2.2}
.delivered .icon{color:var(--_accent)}
.wait{align-self:center;max-inline-size:36em;margin-block:14px 4px;padding:9px 16px;border-radius:14px;
 background:var(--_sunken);color:var(--_muted);font-size:.8267em;text-align:center;text-wrap:pretty}
.empty{display:flex;flex-direction:column;align-items:center;gap:14px;margin:auto;padding:16px 8px;text-align:center}
.greeting{max-inline-size:92%}
.bubble.greeting{border-radius:19px}
.greeting>p{text-align:center}
.empty-text{max-inline-size:30em;color:var(--_muted);font-size:.8667em;text-wrap:pretty}
.empty-text .icon{display:inline-block;inline-size:15px;block-size:15px;margin-inline-end:5px;vertical-align:-2px}
@media (forced-colors:active){.bubble{border:1px solid}.mine>.bubble{border-width:2px}}
`;

const COMPOSER = `
.composer{flex:none;padding-block:6px 12px;padding-inline:max(12px,(100% - 776px)/2)}
.first{padding:4px 8px 10px;color:var(--_muted);font-size:.8em;text-wrap:pretty}
.name{inline-size:100%;box-sizing:border-box;margin-block-end:6px;padding:8px 16px;border:1px solid var(--_line);
 border-radius:13px;background:none;font-size:.9333em}
.field{display:flex;align-items:flex-end;gap:6px;padding:4px;padding-inline-start:16px;border:1px solid var(--_line);
 border-radius:24px;background:var(--_sunken)}
.field:focus-within,.name:focus-visible{border-color:var(--_accent);box-shadow:0 0 0 1px var(--_accent);outline:2px solid transparent}
.field textarea{flex:1;min-inline-size:0;box-sizing:border-box;block-size:38px;padding:8px 0;border:0;background:none;resize:none;
 overflow-y:hidden;scrollbar-width:thin}
.field textarea:focus-visible{outline:none}
.panel :is(textarea,input)::placeholder{color:var(--_muted);opacity:1}
.send{display:grid;place-items:center;flex:none;inline-size:38px;block-size:38px;padding:0;border:0;border-radius:50%;
 background:var(--_accent);color:var(--_on-accent);transition:background .15s,color .15s}
.send:nth-child(3){margin-inline-start:74px}
.send:disabled{background:var(--_line);color:var(--_muted);cursor:default}
.left{padding-inline:16px;color:var(--_muted);font-size:.8em}
.left:not(:empty){padding-block-start:6px}
.left.over{color:var(--_danger)}
.closed{flex:none;padding:16px;border-block-start:1px solid var(--_line);color:var(--_muted);text-align:center}
@media (pointer:coarse){.panel :is(textarea,input){font-size:max(1em,16px)}}
@media (forced-colors:active){.send{border:1px solid}.send:disabled{color:GrayText}}
`;

export const THREAD_STYLES = LOG + COMPOSER;
