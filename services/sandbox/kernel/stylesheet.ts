/** One stylesheet for both vendors; the body's class chooses the colour. */
export const STYLESHEET = `
:root { --brand: #444; --ink: #23232b; --soft: #6a6a76; --line: #e2e2e9; --ground: #f6f6f9; }
.vendor-capsule { --brand: #5b3f9e; --tint: #f0ecf9; }
.vendor-sage { --brand: #0b6b3a; --tint: #e8f5ed; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
a { color: var(--brand); text-decoration: none; }
a:hover { text-decoration: underline; }
.top { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 16px; padding: 0 28px; min-height: 54px; background: var(--brand); color: #fff; }
.top a { color: #fff; }
.brand { font-size: 17px; font-weight: 650; }
.stand-in { padding: 1px 9px; border: 1px solid rgb(255 255 255 / .45); border-radius: 99px; font-size: 12px; opacity: .9; }
.top nav { display: flex; flex-wrap: wrap; gap: 4px; margin-left: auto; }
.top nav a { padding: 6px 12px; border-radius: 6px; }
.top nav a[aria-current] { background: rgb(255 255 255 / .2); font-weight: 600; }
main { max-width: 1120px; margin: 0 auto; padding: 22px 28px 60px; }
h1 { margin: 0 0 14px; font-size: 25px; font-weight: 650; }
h2 { margin: 26px 0 10px; font-size: 17px; font-weight: 650; }
.notice { padding: 10px 14px; border-left: 4px solid var(--brand); background: var(--tint); border-radius: 4px; }
.notice.bad { border-color: #b3261e; background: #fdecea; color: inherit; }
.empty { padding: 26px; border: 1px dashed var(--line); border-radius: 10px; color: var(--soft); text-align: center; }
.card, .table, .tiles > div { background: #fff; border: 1px solid var(--line); border-radius: 10px; }
.card { padding: 18px 20px; margin: 0 0 18px; overflow-wrap: anywhere; }
.card > :first-child { margin-top: 0; }
.card > :last-child { margin-bottom: 0; }
.card .field + .field, .card small + .field, .card .check + .field, .card .row + .row, .card .row + small, .card * + .grid, .card > * + p { margin-top: 12px; }
.row > .field, .grid > .field { margin-top: 0 !important; }
summary { cursor: pointer; font-weight: 600; }
.check { display: block; padding: 2px 0; }
.table { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th { padding: 9px 14px; text-align: left; font-size: 12.5px; font-weight: 600; color: var(--soft); border-bottom: 1px solid var(--line); white-space: nowrap; }
td { padding: 8px 14px; border-bottom: 1px solid #f0f0f4; vertical-align: top; overflow-wrap: anywhere; }
tr:last-child td { border-bottom: 0; }
tbody tr:hover { background: #fafafc; }
.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; overflow-wrap: normal; }
.bad { color: #b3261e; }
.soft, small { color: var(--soft); }
small { display: block; font-size: 12.5px; }
code { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(160px, 1fr)); gap: 14px; margin: 0 0 18px; }
.tiles > div { padding: 13px 16px; }
.tiles dt { color: var(--soft); font-size: 13px; }
.tiles dd { margin: 0; font-size: 22px; font-weight: 650; font-variant-numeric: tabular-nums; }
.search { display: flex; flex: 1 1 300px; gap: 8px; margin: 0 0 14px; max-width: 520px; }
.bar { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 0 16px; }
.bar > p { margin: 0 0 14px; }
.bar > h2 + p { margin: 26px 0 10px; }
input, select, textarea { width: 100%; padding: 7px 10px; border: 1px solid #c9c9d4; border-radius: 6px; background: #fff; color: inherit; font: inherit; }
input[type=radio], input[type=checkbox] { width: auto; accent-color: var(--brand); }
input:focus-visible, select:focus-visible, textarea:focus-visible, button:focus-visible, a:focus-visible { outline: 2px solid var(--brand); outline-offset: 1px; }
button, .button { display: inline-block; padding: 7px 16px; border: 1px solid var(--brand); border-radius: 6px; background: var(--brand); color: #fff; font: inherit; font-weight: 600; cursor: pointer; white-space: nowrap; }
a.button:hover { text-decoration: none; filter: brightness(1.08); }
button:hover { filter: brightness(1.08); }
button.quiet { background: #fff; color: var(--brand); }
button.danger { background: #fff; color: #b3261e; border-color: #d9a3a0; }
.field { display: block; min-width: 0; }
.field > span { display: block; font-size: 13px; color: var(--soft); margin-bottom: 3px; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 12px 16px; }
.row { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 16px; }
.row > .field { flex: 1 1 150px; }
.row > .actions { margin: 25px 0 0; }
.actions { display: flex; flex-wrap: wrap; gap: 10px; margin-top: 16px; }
.pager { display: flex; justify-content: space-between; margin: 12px 2px; color: var(--soft); }
.tag { display: inline-block; margin: 0 4px 2px 0; padding: 1px 9px; border-radius: 99px; background: var(--tint, #eee); color: var(--brand); font-size: 12.5px; white-space: nowrap; }
.consent { max-width: 520px; }
main:has(> .consent) { max-width: 576px; padding-top: 6vh; }
fieldset { margin: 0; padding: 0; border: 0; }
legend { padding: 0; font-size: 13px; color: var(--soft); margin-bottom: 4px; }
.option { display: flex; gap: 10px; align-items: baseline; padding: 8px 12px; border: 1px solid var(--line); border-radius: 8px; margin-bottom: 8px; cursor: pointer; }
.option:has(:checked) { border-color: var(--brand); background: var(--tint); }
.columns { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 1fr); gap: 18px; align-items: start; }
.small { padding: 3px 10px; font-size: 13px; font-weight: 500; }
a.button.quiet { background: #fff; color: var(--brand); }
button:disabled { opacity: .45; cursor: not-allowed; }
.inline { display: flex; gap: 8px; justify-content: flex-end; align-items: flex-start; }
.inline form { display: flex; gap: 6px; margin: 0; }
.inline input { width: 92px; padding: 2px 8px; font-size: 13px; text-align: right; font-variant-numeric: tabular-nums; }
.grow { flex: 1 1 320px; margin: 0; }
.below { margin: -6px 0 22px; align-items: center; flex-wrap: wrap; }
details { margin: 14px 0; }
details summary { margin-bottom: 10px; color: var(--brand); }
.search select { width: auto; }
td form { margin: 0; }
@media (max-width: 820px) { .table table { min-width: 640px; } .columns { grid-template-columns: minmax(0, 1fr); } .top nav { margin-left: -12px; } }
@media (max-width: 560px) {
.top { padding: 8px 16px 4px; }
.top nav { margin: 0 -8px; gap: 0; }
.top nav a { padding: 6px 8px; font-size: 13px; }
main { padding: 16px 16px 48px; }
main:has(> .consent) { padding-top: 16px; }
h1 { font-size: 22px; }
.card { padding: 16px; }
.tiles { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 10px; }
.tiles > div { padding: 10px 12px; }
.tiles dd { font-size: 18px; }
.search { flex-wrap: wrap; }
.search input { flex: 1 1 250px; }
.search select { flex: 1 1 auto; }
.row { gap: 12px; }
.row > .field, .row > .actions, .row > .grow { flex: 1 1 100%; }
.row > .actions { margin: 0; }
.table table, .table tbody, .table tr, .table td { display: block; min-width: 0; }
.table thead { display: none; }
.table tr { padding: 10px 14px; border-bottom: 1px solid var(--line); }
.table td { position: relative; padding: 2px 0 2px 92px; border: 0; font-size: 14px; text-align: left; white-space: normal; }
.table td::before { content: attr(data-label); position: absolute; left: 0; top: 4px; font-size: 12.5px; color: var(--soft); }
.table td:first-child, .table td[data-label=""] { padding-left: 0; }
.table td:first-child::before { content: none; }
.table td:first-child { font-size: 15px; font-weight: 600; }
.table td:first-child small, .table td:first-child .tag { font-weight: 400; }
.table td:empty { display: none; }
.inline { flex-wrap: wrap; justify-content: flex-start; margin-top: 4px; }
}
`;
