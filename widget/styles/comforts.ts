/** The rules of what a conversation has beyond saying and reading. */

/** Colour pictures, also of those that a font for texts has as signs. */
const EMOJI = `font-family:'Apple Color Emoji','Segoe UI Emoji','Noto Color Emoji','Twemoji Mozilla',sans-serif`;

const BODY = `
.jumbo,.reaction>span,.quick,.emoji-grid,.emoji-groups,.emoji-head .icon-button{${EMOJI}}
.bubble a{color:inherit;text-decoration:underline;text-underline-offset:2px;text-decoration-thickness:1px}
.bubble :is(a,.link):focus-visible{outline-color:currentColor}
.bubble:has(>.jumbo){background:none;padding:0 4px;overflow:visible}
.mine>.bubble:has(>.jumbo){color:var(--_text)}
.bubble>.jumbo{font-size:2.4em;line-height:1.25}
.bubble strong{font-weight:680}
.bubble code{font:500 .9em/1.45 ui-monospace,'SF Mono',Menlo,Consolas,'Liberation Mono',monospace;padding:1px 5px;border-radius:6px;
 background:color-mix(in srgb,currentColor 11%,transparent);unicode-bidi:isolate}
.bubble code.block{display:block;margin-block:4px;padding:8px 10px;border-radius:10px;overflow-x:auto;overflow-wrap:normal;white-space:pre;
 text-align:left;scrollbar-width:thin}
.bubble .gone{font-size:.8em;font-style:italic;opacity:.85}
.reactions{display:flex;flex-wrap:wrap;gap:4px;margin-block:5px 1px}
.reaction{display:inline-flex;align-items:center;gap:4px;min-block-size:26px;min-inline-size:26px;justify-content:center;box-sizing:border-box;padding:1px 8px;border:1px solid transparent;
 border-radius:13px;background:var(--_surface);color:var(--_text);font-size:.8667em;line-height:1.3;font-variant-numeric:tabular-nums}
.reaction[aria-pressed=true]{border-color:var(--_accent);background:color-mix(in srgb,var(--_accent) 14%,var(--_surface))}
.quote{display:block;inline-size:100%;box-sizing:border-box;margin-block:1px 6px;padding:5px 10px;border:0;border-inline-start:3px solid;border-radius:9px;
 background:color-mix(in srgb,currentColor 9%,transparent);text-align:start;font-size:.8667em;line-height:1.4;min-block-size:26px;overflow:hidden}
.quote-who{display:block;font-weight:650;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.quote-text{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;line-clamp:2;overflow:hidden;overflow-wrap:anywhere;opacity:.95}
[data-id]:focus{outline:2px solid var(--_accent);outline-offset:2px}
[data-id]:focus:not(:focus-visible){outline:none}
.writing:empty{display:none}
.dots{display:inline-flex;gap:4px;margin-block-start:12px;padding:13px 15px;border-radius:19px;border-end-start-radius:7px;background:var(--_theirs);
 animation:say .2s cubic-bezier(.2,.9,.3,1)}
.dots i{inline-size:7px;block-size:7px;border-radius:50%;background:var(--_muted);animation:dot 1.2s infinite}
.dots i:nth-of-type(2){animation-delay:.15s}
.dots i:nth-of-type(3){animation-delay:.3s}
@keyframes dot{0%,60%,100%{opacity:.35;transform:none}30%{opacity:1;transform:translateY(-3px)}}
`;

const BESIDE = `
.beside{display:contents}
.older{position:absolute;inset-block-start:6px;inset-inline:0;inline-size:fit-content;margin-inline:auto!important;padding:3px 12px!important;
 border-radius:12px;background:var(--_sunken);color:var(--_muted);font-size:.8em;pointer-events:none;animation:late .2s .5s both}
@keyframes late{from{opacity:0}}
.jump{position:absolute;inset-block-end:10px;inset-inline:0;inline-size:fit-content;margin-inline:auto;display:flex;align-items:center;gap:6px;
 padding:7px 14px 7px 10px;border:1px solid var(--_line);border-radius:20px;background:var(--_surface);
 box-shadow:0 4px 16px #0b1f1a26;white-space:nowrap;animation:say .18s cubic-bezier(.2,.9,.3,1)}
.jump{font-size:.8667em;font-weight:600}
.jump .icon{inline-size:18px;block-size:18px;color:var(--_accent)}
.toolbar{position:absolute;z-index:1;display:flex;padding:2px;border:1px solid var(--_line);border-radius:12px;background:var(--_surface);
 box-shadow:0 2px 10px #0b1f1a1f;animation:fade .12s}
.toolbar .icon-button{inline-size:28px;block-size:28px;border-radius:9px}
.toolbar .icon{inline-size:17px;block-size:17px}
@keyframes fade{from{opacity:0}}
.find{position:absolute;z-index:2;inset-block-start:0;inset-inline:0;display:flex;align-items:center;gap:2px;padding:7px 8px;
 background:var(--_surface);border-block-end:1px solid var(--_line);animation:fade .15s}
.find input{flex:1;min-inline-size:0;box-sizing:border-box;padding:7px 14px;margin-inline-end:4px;border:1px solid var(--_line);border-radius:13px;background:var(--_sunken);
 appearance:none}
.find input:focus-visible{border-color:var(--_accent);box-shadow:0 0 0 1px var(--_accent);outline:2px solid transparent}
.find input::-webkit-search-cancel-button{appearance:none}
.find .hint{white-space:nowrap;padding-inline:4px;font-variant-numeric:tabular-nums}
.find .icon-button{inline-size:32px;block-size:36px}
.find .icon-button:disabled{opacity:.35;cursor:default}
.find .icon{inline-size:19px;block-size:19px}
::highlight(pim-found){background-color:#ffd84d;color:#241c00}
.find~*,.log-frame:has(.find)>.log{scroll-padding-block-start:60px}
.about{display:flex;align-items:center;gap:10px;margin-block-end:6px;padding:7px 8px 7px 14px;border-radius:14px;background:var(--_sunken);
 animation:say .18s cubic-bezier(.2,.9,.3,1)}
.about>.icon{inline-size:18px;block-size:18px;color:var(--_accent)}
.about-text{flex:1;min-inline-size:0;padding-inline-start:10px;border-inline-start:2px solid var(--_accent);font-size:.8667em;line-height:1.4}
.about-text .quote-who{color:var(--_accent)}
.about-text .quote-text{display:block;white-space:nowrap;text-overflow:ellipsis}
.about .icon-button.small{margin-block:0;inline-size:32px;block-size:32px}
`;

const MENU = `
.composer{position:relative}
.in-field{display:flex;flex:none}
.in-field>.icon-button{inline-size:34px;block-size:38px}
.veil{position:absolute;z-index:3}
.veil[data-sheet=true]{background:#0b1f1a59;animation:fade .15s;display:flex;align-items:flex-end}
.menu{position:absolute;display:flex;flex-direction:column;box-sizing:border-box;min-inline-size:216px;max-inline-size:calc(100% - 16px);padding:6px;
 border:1px solid var(--_line);border-radius:16px;background:var(--_surface);color:var(--_text);box-shadow:0 6px 28px #0b1f1a33;outline:none;
 animation:fade .1s}
.menu.sheet{position:static;flex:1;max-inline-size:none;padding:10px 10px max(14px,env(safe-area-inset-bottom));border-width:1px 0 0;
 border-radius:22px 22px 0 0;animation:sheet .2s cubic-bezier(.2,.9,.3,1)}
@keyframes sheet{from{transform:translateY(40%);opacity:0}}
.quick{display:flex;justify-content:space-between;gap:2px;padding-block-end:5px;margin-block-end:5px;border-block-end:1px solid var(--_line)}
.quick button{display:grid;place-items:center;inline-size:36px;block-size:36px;padding:0;border:0;border-radius:12px;background:none;font-size:1.4em;line-height:1}
.quick button[aria-checked=true]{background:color-mix(in srgb,var(--_accent) 20%,transparent)}
.quick .icon{color:var(--_muted)}
.item{display:flex;align-items:center;gap:12px;min-block-size:38px;padding:6px 10px;border:0;border-radius:11px;background:none;text-align:start}
.item .icon{inline-size:19px;block-size:19px;color:var(--_muted)}
.menu>.item:nth-of-type(1) .icon:dir(rtl),.toolbar>:nth-child(2) .icon:dir(rtl),.about>.icon:dir(rtl){transform:scaleX(-1)}
.item.danger,.item.danger .icon{color:var(--_danger)}
.item:focus-visible,.quick button:focus-visible{outline-offset:-2px;background:var(--_hover)}
@media (hover:hover){.item:hover,.quick button:hover{background:var(--_hover)}}
.sheet .quick{justify-content:space-around;padding-block:4px 10px}
.sheet .quick button{inline-size:46px;block-size:46px;font-size:1.75em}
.sheet .item{min-block-size:48px;padding-inline:14px}
.sure-title{font-weight:650;padding:8px 10px 2px!important}
.menu>.hint{padding:0 10px 10px!important;max-inline-size:17em;text-wrap:pretty}
.sheet>.hint{max-inline-size:none}
.sure-buttons{display:flex;gap:8px;padding:4px}
.sure-buttons .button{flex:1;min-block-size:38px}
.sure-buttons .quiet{background:none;border-color:var(--_line);color:var(--_text)}
.sure-buttons .danger{background:var(--_danger);color:var(--_surface)}
@media (pointer:coarse){.bubble{-webkit-touch-callout:none;-webkit-user-select:none;user-select:none}}
@media (forced-colors:active){.jump,.reaction,.code,.dots{border:1px solid}.reaction[aria-pressed=true]{outline:2px solid Highlight}}
`;

export const COMFORT_STYLES = BODY + BESIDE + MENU;
