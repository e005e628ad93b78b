// The figures of one container, as curves and as numbers.
import { el, say } from './elements.js';
import { curve } from './chart.js';
import { history } from './figures.js';
import { bytes, percent, plural, rate } from './words.js';

const MIB = 1024 * 1024;

let open_ = null;

/** @param words what its curves are, where they are two; @param unit writes what its upper edge stands for */
function panel(title, kinds, unit, words = []) {
  const value = el('strong', { class: 'value' }, '–');
  const note = el('span', { class: 'note' });
  const line = curve(96, kinds, `${title}, the last two minutes`);
  const edge = el('span', { class: 'edge' });
  const keys = el('span', { class: 'keys' }, words.map((word, i) => el('span', { class: `key ${kinds[i]}` }, word)));
  return { value, note, line, edge, unit, element: el('article', { class: 'panel' }, el('h3', {}, title, keys), value, note,
    el('div', { class: 'plot' }, line.image, el('p', { class: 'scale', 'aria-hidden': 'true' }, edge, el('span', {}, '2 min ago'),
      el('span', {}, 'now')))) };
}

function fact(list, title) {
  const value = el('dd');
  list.append(el('div', {}, el('dt', {}, title), value));
  return value;
}

export function open(parent, container) {
  const list = el('dl', { class: 'numbers' });
  open_ = { cpu: panel('Processors', ['cpu'], percent), memory: panel('Memory', ['memory'], bytes),
    network: panel('Network', ['received', 'sent'], rate, ['in', 'out']),
    disk: panel('Disks', ['read', 'written'], rate, ['read', 'written']),
    processes: fact(list, 'Processes and threads'), files: fact(list, 'Open files'), throttled: fact(list, 'Held back'),
    killed: fact(list, 'Out of memory'), still: el('p', { class: 'still' }, 'It does not run: there is nothing to measure.') };
  open_.grid = el('div', { class: 'panels' }, ['cpu', 'memory', 'network', 'disk'].map((key) => open_[key].element));
  open_.list = list;
  parent.append(open_.still, open_.grid, list);
  update(container);
}

export function close() {
  open_ = null;
}

function set(panel, value, note, moments, least, most = null) {
  say(panel.value, value);
  say(panel.note, note);
  const top = panel.line.set(moments, least, most);
  // The line of the limit, which is told beside the title, says it better.
  say(panel.edge, most === null ? panel.unit(top) : '');
}

export function update(container) {
  const moments = history(container.id);
  const last = moments.at(-1);
  const runs = Boolean(container.use && last);
  open_.still.hidden = runs;
  open_.grid.hidden = !runs;
  open_.list.hidden = !runs;
  if (!runs) {
    return;
  }
  const use = container.use;
  const limit = use.memoryLimitBytes;
  set(open_.cpu, percent(last.cpu), '100 % is one processor', moments, 20);
  set(open_.memory, bytes(last.memory), limit ? `of ${bytes(limit)}` : 'no limit', moments, 4 * MIB, limit);
  set(open_.network, rate(last.received), `in, ${rate(last.sent)} out`, moments, 1024);
  set(open_.disk, rate(last.read), `read, ${rate(last.written)} written`, moments, 1024);
  say(open_.processes, `${use.threads}${use.threadsLimit ? ` of ${use.threadsLimit}` : ''}`);
  say(open_.files, String(use.descriptors));
  say(open_.throttled, use.throttledNanos ? `${(use.throttledNanos / 1e9).toFixed(1)} s by its quota` : 'never');
  say(open_.killed, use.oomKills ? plural(use.oomKills, 'process killed', 'processes killed') : 'never');
}
