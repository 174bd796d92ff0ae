/*
 * Makes the pages livelier; each works without it. Figures of a running import are moved in place; when
 * the status changes its shape (a phase, a step, a problem), the server's own rendering is fetched.
 */
/* global document, fetch, DOMParser, location, setTimeout, clearTimeout, EventSource, addEventListener */
'use strict';

const OUTCOMES = ['linked', 'created', 'review', 'excluded', 'failed'];
const LIVE_PARTS = ['overview', 'states', 'import', 'connection'];
const SWAP_EVERY_MS = 2000;
const ANNOUNCE_EVERY_MS = 10000;
const RECONNECT_MS = { first: 2000, most: 30000 };

const figures = new Intl.NumberFormat('en-GB');
const one = (selector, root = document) => root.querySelector(selector);

function setText(selector, text, root) {
  const element = one(selector, root);
  if (element && element.textContent !== text) element.textContent = text;
}

/** Same words as `remaining` in pages/format.ts. */
function remaining(seconds) {
  if (seconds < 60) return 'less than a minute left';
  const minutes = Math.ceil(seconds / 60);
  const part = (count, noun) =>
    count > 0 ? [`${figures.format(count)} ${noun}${count === 1 ? '' : 's'}`] : [];
  return `about ${[...part(Math.floor(minutes / 60), 'hour'), ...part(minutes % 60, 'minute')].join(' ')} left`;
}

/** Same text as `shapeOf` in pages/settings/index.tsx. */
function shapeOf({ phase, lastSync, problems, import: progress }) {
  const { step, startedAt, finishedAt, waitingUntil, total } = progress;
  const known = total > 0 ? 'counting' : 'unknown';
  const codes = problems.map(({ code }) => code);
  return [phase, known, step, startedAt, finishedAt, waitingUntil, lastSync, ...codes].join('|');
}

function showFigures({ import: progress, quota, contacts }) {
  const { total, done, etaSeconds } = progress;
  const percent = total > 0 ? Math.min(100, Math.floor((done / total) * 100)) : 0;
  for (const name of OUTCOMES) setText(`[data-count="${name}"]`, figures.format(progress[name]));
  for (const [state, count] of Object.entries(contacts))
    setText(`[data-state="${state}"]`, figures.format(count));
  setText('[data-percent]', String(percent));
  setText('[data-done]', figures.format(done));
  setText('[data-total]', figures.format(total));
  setText('[data-eta]', etaSeconds === null ? '' : `, ${remaining(etaSeconds)}`);
  for (const { vendor, used, limit } of quota) {
    setText(`[data-quota="${vendor}"] [data-used]`, figures.format(used));
    const share = `${Math.min(100, (used / limit) * 100).toFixed(2)}%`;
    one(`[data-quota="${vendor}"] [data-segment]`)?.setAttribute('width', share);
  }
  const bar = one('#progress');
  if (!bar || bar.classList.contains('unknown')) return;
  bar.setAttribute('aria-valuenow', String(percent));
  bar.setAttribute(
    'aria-valuetext',
    `${percent}%, ${figures.format(done)} of ${figures.format(total)} contacts`,
  );
  moveSegments(bar, progress);
}

function moveSegments(bar, progress) {
  const sum = OUTCOMES.reduce((all, name) => all + progress[name], 0);
  const whole = Math.max(progress.total, sum, 1);
  let left = 0;
  for (const name of OUTCOMES) {
    const width = (progress[name] / whole) * 100;
    const segment = one(`[data-segment="${name}"]`, bar);
    segment.setAttribute('x', `${left.toFixed(2)}%`);
    segment.setAttribute('width', `${width.toFixed(2)}%`);
    left += width;
  }
}

let announcedAt = 0;
/** Tells screen readers where the import is, at most every few seconds. */
function announce(atOnce) {
  if (!atOnce && Date.now() - announcedAt < ANNOUNCE_EVERY_MS) return;
  announcedAt = Date.now();
  const doing = one('[data-say]')?.textContent ?? '';
  const progress = one('#progress')?.getAttribute('aria-valuetext');
  setText(
    '#announcement',
    [one('#import-title')?.textContent.trim(), progress, doing].filter(Boolean).join('. '),
  );
}

let swappedAt = 0;
let swapTimer = 0;
function swapSoon() {
  if (swapTimer) return;
  const wait = Math.max(0, swappedAt + SWAP_EVERY_MS - Date.now());
  swapTimer = setTimeout(() => {
    swapTimer = 0;
    swappedAt = Date.now();
    swap().catch(() => {}); // the next message tries again
  }, wait);
}

/** Replaces the live parts by what the server renders now; forms being filled in are left alone. */
async function swap() {
  const response = await fetch('/', { headers: { accept: 'text/html' } });
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  const same = LIVE_PARTS.every((id) => Boolean(one(`#${id}`)) === Boolean(one(`#${id}`, fresh)));
  if (!same) return location.reload();
  for (const id of LIVE_PARTS) one(`#${id}`)?.replaceWith(one(`#${id}`, fresh));
  one('.places')?.replaceWith(one('.places', fresh) ?? '');
  document.title = fresh.title;
  announce(true);
}

function follow() {
  let source = null;
  let pause = RECONNECT_MS.first;
  let timer = 0;
  const close = () => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
  const open = () => {
    close();
    source = new EventSource('/api/events');
    source.onmessage = ({ data }) => {
      pause = RECONNECT_MS.first;
      const status = JSON.parse(data);
      if (one('#overview').dataset.shape !== shapeOf(status)) swapSoon();
      else showFigures(status);
      announce(false);
    };
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      timer = setTimeout(open, pause);
      pause = Math.min(pause * 2, RECONNECT_MS.most);
    };
  };
  document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()));
  addEventListener('pagehide', close);
  if (!document.hidden) open();
}

/** Filters the names of a fieldset as one types; Enter alone would ask the server. */
function filterAsTyped(form) {
  const list = document.getElementById(form.dataset.filter);
  form.addEventListener('input', () => {
    const wanted = one('input', form).value.trim().toLowerCase();
    let shown = 0;
    for (const choice of list?.querySelectorAll('.choice') ?? []) {
      choice.hidden = !one('[data-name]', choice).textContent.toLowerCase().includes(wanted);
      if (choice.hidden) one('input', choice).checked = false;
      else shown += 1;
    }
    one('[data-empty]', list).hidden = shown > 0;
  });
}

/** Asks Sage in the background: the figures of before stay until the new ones are here. */
async function refresh(form) {
  const part = one('#invoices');
  if (part.getAttribute('aria-busy') === 'true') return;
  part.setAttribute('aria-busy', 'true');
  setText('#said', 'Asking Sage for the latest figures.');
  try {
    const response = await fetch(form.action, { method: 'POST', headers: { accept: 'text/html' } });
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    const now = one('#invoices', fresh);
    if (!response.ok || !now) throw new Error('no figures');
    part.replaceWith(now);
    one('[data-refresh] button')?.focus();
    const said = [one('.fresh .note', now) ?? one('.note', fresh), one('[data-as-of]', now)];
    setText('#said', said.map((element) => element?.textContent.trim() ?? '').join(' '));
  } catch {
    form.submit(); // the plain way says what is in the way
  }
}

/** The form itself is replaced with the figures. */
function refreshInPlace(event) {
  if (!event.target.matches('[data-refresh]')) return;
  event.preventDefault();
  void refresh(event.target);
}

if (one('#invoices')) document.addEventListener('submit', refreshInPlace);
if (one('#overview')) follow();
for (const form of document.querySelectorAll('[data-filter]')) filterAsTyped(form);
