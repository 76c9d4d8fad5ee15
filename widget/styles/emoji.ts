/** The rules of choosing an emoji. */

export const EMOJI_STYLES = `
.emoji{display:flex;flex-direction:column;inline-size:min(328px,100%);block-size:min(330px,60vh)}
.sheet .emoji{inline-size:100%}
.emoji-head{display:flex;gap:4px;padding:2px 2px 6px}
.emoji-head input{flex:1;min-inline-size:0;box-sizing:border-box;padding:7px 14px;border:1px solid var(--_line);border-radius:13px;background:var(--_sunken);appearance:none}
.emoji-head input::-webkit-search-cancel-button{appearance:none}
.emoji-head input:focus-visible{border-color:var(--_accent);box-shadow:0 0 0 1px var(--_accent);outline:2px solid transparent}
.emoji-head .icon-button{inline-size:38px;block-size:38px;font-size:1.25em;line-height:1}
.emoji-grid{flex:1;display:grid;grid-template-columns:repeat(auto-fill,minmax(36px,1fr));grid-auto-rows:36px;align-content:start;overflow-y:auto;
 overscroll-behavior:contain;scrollbar-width:thin;scrollbar-color:var(--_line) transparent}
.emoji-grid button,.emoji-groups button{display:grid;place-items:center;padding:0;border:0;border-radius:10px;background:none;line-height:1}
.emoji-grid button{font-size:1.45em}
.emoji-grid .hint{grid-column:1/-1;padding:18px!important;text-align:center}
.emoji-groups{display:flex;justify-content:space-between;padding-block-start:5px;margin-block-start:4px;border-block-start:1px solid var(--_line)}
.emoji-groups button{flex:1;block-size:32px;font-size:1.05em;filter:grayscale(1);opacity:.55}
.emoji-groups button[aria-pressed=true]{filter:none;opacity:1;background:var(--_hover)}
.emoji :is(.emoji-grid,.emoji-groups) button:focus-visible{outline-offset:-2px;background:var(--_hover)}
@media (hover:hover){.emoji-grid button:hover{background:var(--_hover)}.emoji-groups button:hover{opacity:1}}
`;
