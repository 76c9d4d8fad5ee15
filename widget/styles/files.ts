/** The rules of files: their bubbles, the picture large, and the button that sends them. */

export const FILE_STYLES = `
.attach{display:grid;place-items:center;flex:none;inline-size:34px;block-size:38px;padding:0;border:0;border-radius:50%;
 background:none;color:var(--_muted);cursor:pointer}
.attach:hover{background:var(--_hover);color:var(--_text)}
.attach .icon{inline-size:21px;block-size:21px}
.preparing{align-self:center;max-inline-size:11em;overflow:hidden;color:var(--_muted);font-size:.8em;white-space:nowrap;text-overflow:ellipsis}
.main.dropping::after{content:'';position:absolute;inset:6px;z-index:2;border:2px dashed var(--_accent);border-radius:14px;pointer-events:none}
.file{display:flex;flex-direction:column;gap:7px;inline-size:17.5em;max-inline-size:100%}
.file+p{margin-block-start:7px}
.file-row{display:flex;align-items:center;gap:11px}
.file-row>.icon{flex:none;inline-size:30px;block-size:30px;stroke-width:1.3}
.file-text{flex:1;min-inline-size:0}
.file-name{overflow-wrap:anywhere;font-weight:550;line-height:1.3;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:3;overflow:hidden}
.file-note{font-size:.8em;opacity:.8;text-wrap:pretty}
.file progress{appearance:none;inline-size:100%;block-size:5px;border:0;border-radius:3px;overflow:hidden;
 background:color-mix(in srgb,currentColor 22%,transparent)}
.file progress::-webkit-progress-bar{background:none}
.file progress::-webkit-progress-value{background:currentColor}
.file progress::-moz-progress-bar{background:currentColor}
.file-deeds{display:flex;flex-wrap:wrap;gap:6px}
.file-deeds button{padding:5px 13px;border:1px solid color-mix(in srgb,currentColor 35%,transparent);border-radius:15px;background:none;color:inherit;
 font:inherit;font-size:.8667em;font-weight:600;cursor:pointer}
.file-deeds button:hover{background:color-mix(in srgb,currentColor 12%,transparent)}
.file-deeds button:focus-visible,.picture:focus-visible{outline-color:currentColor}
.picture{display:block;padding:0;border:0;border-radius:11px;background:none;overflow:hidden;cursor:zoom-in;line-height:0}
.picture canvas{max-inline-size:100%;block-size:auto}
.viewer{inset:0;box-sizing:border-box;inline-size:100%;block-size:100%;max-inline-size:none;max-block-size:none;margin:0;padding:0;border:0;background:#0b0f0eee;color:#fff}
.viewer::backdrop{background:none}
.viewer canvas{position:absolute;inset:0;margin:auto;max-inline-size:100%;max-block-size:100%}
.viewer-deeds{position:absolute;inset-block-start:max(12px,env(safe-area-inset-top));inset-inline-end:12px;z-index:1;display:flex;gap:8px}
.viewer-deeds button{padding:9px 16px;border:0;border-radius:20px;background:#000a;color:#fff;font:inherit;font-weight:600;cursor:pointer}
@media (forced-colors:active){.file progress,.attach,.file-deeds button{border:1px solid}}
`;
