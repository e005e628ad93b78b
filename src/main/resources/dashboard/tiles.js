// This host at a glance: what all containers use together.
import { at, el, say } from './elements.js';
import { curve } from './chart.js';
import { together } from './figures.js';
import { tone } from './list.js';
import { bytes, percent, rate } from './words.js';

const tiles = new Map();
/** A dot for each container, as the list has them. */
const dots = el('span', { class: 'dots', 'aria-hidden': 'true' });
const MOST_DOTS = 120;
/** So many fit on a small screen at their usual size. */
const MANY_DOTS = 20;

function tile(key, title, kinds) {
  const value = el('strong', { class: 'value' }, '–');
  const note = el('span', { class: 'note' });
  const line = kinds ? curve(36, kinds, `${title}, the last two minutes`) : null;
  at('tiles').append(el('article', { class: 'tile' }, el('h2', {}, title), value, note, line && line.image));
  tiles.set(key, { value, note, line });
}

export function make() {
  tile('containers', 'Containers');
  tiles.get('containers').value.parentElement.append(dots);
  tile('cpu', 'Processors', ['cpu']);
  tile('memory', 'Memory', ['memory']);
  tile('network', 'Network', ['received', 'sent']);
}

function show(key, value, note, moments, least) {
  const tile = tiles.get(key);
  say(tile.value, value);
  say(tile.note, note);
  if (tile.line) {
    tile.line.set(moments, least);
  }
}

export function update(page) {
  const moments = together();
  const total = moments.at(-1);
  const running = page.containers.filter((container) => container.use).length;
  const others = page.containers.length - running;
  dots.classList.toggle('many', page.containers.length > MANY_DOTS);
  dots.replaceChildren(...page.containers.slice(0, MOST_DOTS).map((container) => el('span', { 'data-tone': tone(container) },
    el('span', { class: 'dot' }))));
  show('containers', String(running), page.trusted ? `running, ${others} not` : 'running');
  show('cpu', percent(total.cpu), `of ${100 * page.host.processors} %`, moments, 20);
  show('memory', bytes(total.memory), `of ${bytes(page.host.memoryBytes)}`, moments, 16 * 1024 * 1024);
  show('network', rate(total.received), `in, ${rate(total.sent)} out`, moments, 1024);
}
