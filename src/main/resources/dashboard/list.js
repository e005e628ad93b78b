// The containers, a link each. A card stays the same element as long as its container is there, so that neither the focus
// nor a selection is lost when figures change.
import { at, el, say } from './elements.js';
import { curve } from './chart.js';
import { history } from './figures.js';
import { age, bytes, percent } from './words.js';

const cards = new Map();
let empty = null;

/** What a state looks like: running and well, on its way, ended, or wrong. */
export function tone(container) {
  const more = container.more ?? {};
  if (container.state === 'running') {
    return more.health === 'unhealthy' ? 'wrong' : 'well';
  }
  if (container.state === 'exited') {
    return more.exitCode === 0 ? 'ended' : 'wrong';
  }
  return container.state === 'dead' ? 'wrong' : 'between';
}

/** A state as a sentence. */
export function state(container) {
  const more = container.more ?? {};
  if (container.state === 'exited') {
    const why = more.oomKilled ? ', out of memory' : '';
    return `exited with ${more.exitCode ?? '?'}${why}${more.finishedAt ? `, ${age(more.finishedAt)} ago` : ''}`;
  }
  const health = more.health ? `, ${more.health}` : '';
  return container.state === 'running' ? `up ${age(container.startedAt)}${health}` : container.state;
}

/** Those that run come first; beyond that the order is the engine's, the newest first. */
function rank(container) {
  return ['starting', 'running', 'stopping'].includes(container.state) ? 0 : 1;
}

function card(id) {
  // Beside the figure that says it, and sixty times: nobody needs to hear it.
  const line = curve(28, ['cpu'], '');
  const parts = {
    name: el('span', { class: 'name' }),
    image: el('span', { class: 'image' }),
    state: el('span', { class: 'state' }),
    cpu: el('span', { class: 'number' }),
    memory: el('span', { class: 'number' }),
  };
  const link = el('a', { href: `#${id}` }, el('span', { class: 'dot', 'aria-hidden': 'true' }),
    el('span', { class: 'who' }, parts.name, parts.image, parts.state), line.image,
    el('span', { class: 'use' }, parts.cpu, parts.memory));
  return { item: el('li', {}, link), link, line, parts };
}

function fill(made, container, chosen) {
  const moments = history(container.id);
  const last = moments.at(-1);
  made.link.dataset.tone = tone(container);
  say(made.parts.name, container.name);
  made.parts.name.title = container.name;
  say(made.parts.image, container.image);
  say(made.parts.state, state(container));
  say(made.parts.cpu, last ? percent(last.cpu) : '');
  say(made.parts.memory, last ? bytes(last.memory) : '');
  made.line.image.toggleAttribute('hidden', !last);
  made.line.set(moments, 20);
  if (chosen) {
    made.link.setAttribute('aria-current', 'true');
  } else {
    made.link.removeAttribute('aria-current');
  }
}

/** Shows what there is. @param chosen the id of the one that is looked at */
export function update(containers, chosen) {
  const list = at('list');
  const present = new Set(containers.map((container) => container.id));
  for (const [id, made] of cards) {
    if (!present.has(id)) {
      made.item.remove();
      cards.delete(id);
    }
  }
  const focused = document.activeElement;
  let next = list.firstElementChild;
  for (const container of [...containers].sort((one, other) => rank(one) - rank(other))) {
    const made = cards.get(container.id) ?? card(container.id);
    cards.set(container.id, made);
    if (made.item === next) {
      next = next.nextElementSibling;
    } else {
      list.insertBefore(made.item, next);
    }
    fill(made, container, container.id === chosen);
  }
  if (focused !== document.activeElement && list.contains(focused)) {
    focused.focus({ preventScroll: true });
  }
  empty?.remove();
  empty = containers.length > 0 ? null : el('li', { class: 'empty' }, el('p', {}, 'Nothing runs. Start something:'),
    el('p', {}, el('code', {}, 'tiny run -d busybox sleep 1000')));
  if (empty) {
    list.append(empty);
  }
}

/** Up and down go from one card to the next, Home and End to the ends. */
export function keys(event) {
  const links = [...at('list').querySelectorAll('a')];
  const place = links.indexOf(document.activeElement);
  const to = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: links.length - 1 }[event.key];
  if (place >= 0 && to !== undefined && links[to]) {
    event.preventDefault();
    links[to].focus();
  }
}
