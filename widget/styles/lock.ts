/** The rules of the passphrase lock. */

export const LOCK_STYLES = `
.locked{display:flex}
.door{display:flex;flex-direction:column;gap:10px;inline-size:min(100%,340px);margin:auto}
.door>.mark{align-self:center;margin-block-end:4px}
.door>.empty-title,.door>.lead{text-align:center}
.door>.lead{margin:0 0 8px;color:var(--_muted)}
.door .last{align-self:stretch;margin-block-start:14px}
.door>.link{align-self:center}
.locked .form .button,.locking .form .button{margin-block-start:6px}
.typed{position:relative;display:flex}
.panel .screen .typed>input{padding-inline-end:48px}
.typed>.icon-button{position:absolute;inset-block:2px;inset-inline-end:3px;block-size:auto}
.typed>[aria-pressed=true]{color:var(--_accent)}
.panel .screen .typed>[aria-invalid=true]:focus-visible{border-color:var(--_danger);box-shadow:0 0 0 1px var(--_danger)}
.locking .form div+label{margin-block-start:8px}
.working{animation:working .8s infinite alternate}
@keyframes working{to{opacity:.8}}
.locking>.note{margin-block:14px;border:0;border-radius:13px}
`;
