/**
 * The rules every page pays for: the element itself, its three modes, and the launcher.
 */

import { TOKENS } from './tokens.js';

/**
 * `all: initial` keeps the page's rules out (only the font is inherited on purpose); it also sets
 * the font size to the reader's own, whatever the page made of its root.
 */
const HOST = `
:host{display:contents;color-scheme:light dark}
:host([theme=light]){color-scheme:light}
:host([theme=dark]){color-scheme:dark}
:host([hidden]){display:none}
:host([mode=inline]){display:block;block-size:100%;min-block-size:320px}
:host([mode=page]){display:block;block-size:100vh;block-size:100dvh}
.root{all:initial;font-family:var(--pim-font,inherit);color-scheme:inherit;color:var(--_text);
 -webkit-text-size-adjust:100%;text-size-adjust:100%}
.root *,.root ::before,.root ::after{box-sizing:border-box}
[hidden]{display:none!important}
.root[data-mode=bubble]{position:fixed;z-index:var(--_z);inset-block-end:max(var(--_block),env(safe-area-inset-bottom));
 inset-inline-end:max(var(--_inline),env(safe-area-inset-right))}
.root[data-side=start]{inset-inline:max(var(--_inline),env(safe-area-inset-left)) auto}
.root[data-mode=bubble][data-edge=top]{inset-block:max(var(--_block),env(safe-area-inset-top)) auto}
.root:not([data-mode=bubble]){display:block;block-size:100%}
.root:not([data-mode=bubble])>.launch{display:none}
.place:empty{display:none}
`;

const LAUNCHER = `
.launch{display:flex;flex-direction:column;align-items:flex-end;gap:12px}
[data-side=start]>.launch{align-items:flex-start}
.launcher{all:unset;position:relative;box-sizing:border-box;display:grid;place-items:center;
 min-inline-size:var(--_launcher);block-size:var(--_launcher);cursor:pointer;
 background:var(--_accent);color:var(--_on-accent);border-radius:calc(var(--_launcher)/2);
 border-end-end-radius:calc(var(--_launcher)/3.4);box-shadow:var(--_shadow);
 font-size:var(--_font-size);-webkit-tap-highlight-color:transparent;touch-action:manipulation;
 transition:transform .18s cubic-bezier(.3,1.4,.5,1),border-radius .18s}
[data-side=start] .launcher{border-end-end-radius:calc(var(--_launcher)/2);border-end-start-radius:calc(var(--_launcher)/3.4)}
.launcher[aria-expanded=true]{border-radius:calc(var(--_launcher)/2)}
.launcher:hover{transform:scale(1.05)}
.launcher:active{transform:scale(.96)}
.launcher:focus-visible{outline:3px solid var(--_accent);outline-offset:3px}
.launcher:disabled{cursor:not-allowed;opacity:.55;transform:none}
.launcher ::slotted(*){margin-inline:18px}
.face{display:block;inline-size:32px;block-size:32px}
.eye{fill:currentColor;transform-box:fill-box;transform-origin:center;transition:transform .18s,opacity .18s}
.launcher:hover .eye{animation:blink 2.4s .2s}
.fold{fill:none;stroke:currentColor;stroke-width:3;stroke-linecap:round;stroke-linejoin:round;opacity:0;
 transform:translateY(-4px);transition:transform .18s,opacity .18s}
[aria-expanded=true] .eye{opacity:0;transform:scale(.2)}
[aria-expanded=true] .fold{opacity:1;transform:none}
[aria-busy=true] .eye{animation:wait .9s infinite alternate}
[aria-busy=true] .eye+.eye{animation-delay:.3s}
.badge{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-inline-size:22px;block-size:22px;
 padding-inline:6px;border-radius:11px;background:var(--_badge);color:#fff;font-size:12px;line-height:22px;
 font-weight:650;text-align:center;box-shadow:0 0 0 2px var(--_surface)}
.failure{all:unset;box-sizing:border-box;inline-size:max-content;max-inline-size:min(300px,80vw);padding:12px 16px;
 border-radius:14px;background:var(--_surface);color:var(--_text);box-shadow:var(--_shadow);outline:1px solid transparent;
 font-size:var(--_font-size);line-height:1.4}
.failure:empty{display:none}
@keyframes blink{0%,12%,24%,100%{transform:none}6%,18%{transform:scaleY(.1)}}
@keyframes wait{to{opacity:.3;transform:translateY(3px)}}
@media (forced-colors:active){.launcher,.badge{border:1px solid ButtonText}}
@media (prefers-reduced-motion:reduce){.root *{animation:none!important;transition:none!important}}
@media print{.root[data-mode=bubble]{display:none}}
`;

export const BASE = TOKENS + HOST + LAUNCHER;
