/** The rules of the inbox: list beside or instead of the main pane, and its screens. */

const PANES = `
[data-screen=list] .side+.main,.panel:not([data-screen=list]) .side{display:none}
@container panel (min-width:800px){
 .panel .side,.panel .side+.main{display:flex!important}
 .side{flex:none;inline-size:clamp(300px,32%,380px);border-inline-end:1px solid var(--_line)}
 .side+.main .to-list{display:none}
 .side .to-page{display:none}
}
.scroll{flex:1;display:flex;flex-direction:column;overflow-y:auto;overscroll-behavior:contain;scrollbar-width:thin;
 scrollbar-color:var(--_line) transparent;padding-block-end:8px}
`;

const LIST = `
.section{padding-block:18px 6px;color:var(--_muted);font-size:.8em;font-weight:600}
.requests{border-block-end:1px solid var(--_line);padding-block-end:6px;background:color-mix(in srgb,var(--_accent) 5%,transparent)}
.requests .section{padding:12px 18px 4px;color:var(--_accent)}
.rows{padding:6px 8px}
.row{display:flex;align-items:center;gap:12px;inline-size:100%;box-sizing:border-box;padding:9px 10px;border:0;border-radius:14px;
 background:none;text-align:start}
.row[aria-current=true]{background:color-mix(in srgb,var(--_accent) 12%,transparent)}
@media (hover:hover){.row:not([aria-current=true]):hover{background:var(--_hover)}}
.row-text{flex:1;min-inline-size:0;display:flex;flex-direction:column}
.row-title,.row-last{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.row-title{font-weight:600}
.row-last{color:var(--_muted);font-size:.8667em;text-align:start}
.unread .row-last{color:var(--_text);font-weight:550}
.row-side{display:flex;flex-direction:column;align-items:flex-end;gap:4px;color:var(--_muted);font-size:.7667em;align-self:stretch;
 padding-block-start:3px}
.count{min-inline-size:20px;box-sizing:border-box;padding-inline:6px;border-radius:10px;background:var(--_accent);color:var(--_on-accent);
 font-weight:650;line-height:20px;text-align:center;position:relative}
.dot{flex:none;inline-size:10px;block-size:10px;border-radius:50%;background:var(--_accent)}
`;

const SCREENS = `
.header>.icon-button:first-child{margin-inline:-8px -6px}
.directed:dir(rtl){transform:scaleX(-1)}
.button.quiet{background:none;border-color:var(--_line);color:var(--_text)}
.button.danger{background:var(--_danger);color:var(--_surface)}
.button.quiet.danger{background:none;color:var(--_danger)}
.button:disabled{opacity:.5;cursor:default}
@media (hover:hover){.button.quiet:hover{filter:none;background:var(--_hover)}}
.choose{display:grid;place-items:center;flex:1;padding:32px;color:var(--_muted);text-align:center;text-wrap:pretty}
.fault{color:var(--_danger)}
.screen{flex:1;overflow-y:auto;overscroll-behavior:contain;scrollbar-width:thin;scrollbar-color:var(--_line) transparent;
 padding-block:18px 24px;padding-inline:max(18px,(100% - 560px)/2);text-wrap:pretty}
.asking{display:flex;flex-direction:column;align-items:center;gap:10px;padding-block:6px 18px;text-align:center}
.asking-name{font-weight:650;font-size:1.0667em;max-inline-size:100%;overflow-wrap:anywhere}
.screen>.bubble{max-inline-size:100%;inline-size:fit-content;margin-inline:auto;border-radius:19px}
.screen .lead{margin-block-start:14px}
.lead .icon{display:inline-block;inline-size:15px;block-size:15px;margin-inline-end:5px;vertical-align:-2px}
.address{display:grid;align-self:stretch;grid-template-columns:repeat(auto-fit,minmax(5.4ch,max-content));gap:2px 1.6ch;justify-content:space-between;
 padding:12px 16px;border-radius:13px;background:var(--_sunken);
 font:500 .9333em/1.7 ui-monospace,'SF Mono',Menlo,Consolas,'Liberation Mono',monospace}
.address>:first-child{color:var(--_accent)}
.safety>:first-child{color:inherit}
.safety{font-variant-numeric:tabular-nums;grid-template-columns:repeat(4,max-content);justify-content:space-around}
.buttons{display:flex;flex-wrap:wrap;gap:8px;margin-block-start:18px}
.buttons>.button{flex:1 1 auto}
.copy{display:flex;flex-direction:column;gap:6px;margin-block-start:12px;position:relative}
.form{display:flex;flex-direction:column;gap:6px}
.hint+.form,.form+.hint{margin-block-start:16px}
.form label{font-weight:600;font-size:.8667em}
.line{display:flex;gap:8px}
.panel .screen :is(input,textarea):not(.unseen){flex:1;inline-size:100%;box-sizing:border-box;min-inline-size:0;padding:9px 14px;
 border:1px solid var(--_line);border-radius:13px;background:var(--_sunken);resize:none}
.panel .screen :is(input,textarea):focus-visible{border-color:var(--_accent);box-shadow:0 0 0 1px var(--_accent);outline:2px solid transparent}
.screen ::file-selector-button{margin-inline-end:12px;padding:3px 12px;border:1px solid var(--_line);border-radius:10px;
background:var(--_surface);color:inherit;font:inherit;font-weight:600}
.panel .screen [aria-invalid=true]{border-color:var(--_danger)}
.panel .screen textarea{font-family:ui-monospace,'SF Mono',Menlo,Consolas,'Liberation Mono',monospace;overflow-wrap:anywhere}
.code{inline-size:min(232px,100%);aspect-ratio:1;margin:16px auto 4px;padding:4px;border-radius:18px;background:#fff;
 box-shadow:0 0 0 1px var(--_line);forced-color-adjust:none}
.code svg{display:block;inline-size:100%;block-size:100%;fill:#10201b}
.switch{display:flex;align-items:center;justify-content:space-between;gap:16px;inline-size:100%;min-block-size:44px;padding:4px 0;border:0;
 background:none;text-align:start}
.knob{flex:none;inline-size:42px;block-size:26px;border-radius:13px;background:var(--_sunken);box-shadow:inset 0 0 0 1px var(--_muted);padding:3px;
 box-sizing:border-box;transition:background .15s}
.knob::before{content:'';display:block;inline-size:20px;block-size:20px;border-radius:50%;background:var(--_muted);
 transition:margin .15s}
[aria-checked=true]>.knob{background:var(--_accent);box-shadow:none}
[aria-checked=true]>.knob::before{margin-inline-start:16px;background:var(--_surface)}
@media (forced-colors:active){.knob{border:1px solid}.knob::before{background:ButtonText}[aria-checked=true]>.knob{background:Highlight}}
.plain>li{display:flex;flex-direction:column;align-items:flex-start;padding-block:6px;overflow-wrap:anywhere}
.good{color:var(--_good)}
.secret{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5em,1fr));gap:4px 14px;margin:12px 0 0;padding:12px 16px;list-style:none;
 border-radius:13px;background:var(--_sunken);font:500 .9333em/1.7 ui-monospace,'SF Mono',Menlo,Consolas,'Liberation Mono',monospace}
.invitations{margin:18px 0 0;padding:0;list-style:none}
.invitation{padding-block:10px;border-block-start:1px solid var(--_line)}
.invitation-head{display:flex;justify-content:space-between;align-items:baseline;gap:12px;inline-size:100%;padding:4px 0;border:0;background:none;
 text-align:start}
.invitation-name{font-weight:600;min-inline-size:0;overflow-wrap:anywhere}
.choices{margin-block-start:6px}
.choice{flex:1;min-inline-size:0;display:flex;flex-direction:column;gap:6px}
.panel .screen select{inline-size:100%;box-sizing:border-box;padding:9px 12px;border:1px solid var(--_line);border-radius:13px;
 background:var(--_sunken);color:inherit;font:inherit}
.panel .screen .check{display:flex;align-items:center;gap:10px;min-block-size:32px;margin-block-start:10px;font-weight:400}
.panel .screen .check input{flex:none;inline-size:18px;block-size:18px;accent-color:var(--_accent)}
.invitation .buttons>.sure{flex:1 1 100%}
.verdict{font-weight:650;padding-block-end:8px}
.findings{margin:0;padding:0;list-style:none}
.finding{display:flex;gap:12px;padding-block:9px;overflow-wrap:anywhere}
.finding>div{flex:1;min-inline-size:0}
.finding .icon{flex:none;inline-size:18px;block-size:18px;margin-block-start:2px}
.finding-name{font-weight:600}
.finding.is-good .icon,.verdict.is-good{color:var(--_good)}
.finding.is-warning .icon{color:var(--_accent)}
.finding.is-bad .icon,.verdict.is-bad{color:var(--_danger)}
.finding.is-skipped .icon{color:var(--_muted)}
.nth{display:inline-block;min-inline-size:2.4ch;margin-inline-end:1ch;color:var(--_muted);text-align:end}
.last{display:flex;flex-direction:column;gap:8px;margin-block-start:28px;padding-block-start:18px;border-block-start:1px solid var(--_line)}
.panel .screen .kept{margin-block-start:6px}
.about{margin-block-start:18px}
.about a{color:inherit;display:inline-block;padding-block:4px}
.sure{margin:0;min-inline-size:0;padding:14px 16px;border:0;border-radius:14px;background:var(--_sunken)}
.sure .buttons{margin-block-start:12px}
`;

export const INBOX_STYLES = PANES + LIST + SCREENS;
