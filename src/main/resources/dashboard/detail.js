// One container: who it is, what can be done to it, and what there is to see of it.
import { at, el, say } from './elements.js';
import { post } from './ask.js';
import { state, tone } from './list.js';
import * as anatomy from './anatomy.js';
import * as charts from './charts.js';
import * as logs from './logs.js';
import { shortId } from './words.js';

const VIEWS = [['figures', 'Figures', charts], ['anatomy', 'Anatomy', anatomy], ['log', 'Log', logs]];
const DEEDS = [
  ['stop', 'Stop', (container) => isAlive(container)],
  ['kill', 'Kill', (container) => isAlive(container)],
  ['remove', 'Remove', (container) => !isAlive(container)],
];

let shown = null;
let view = 'figures';

function isAlive(container) {
  return ['starting', 'running', 'stopping'].includes(container.state);
}

function tab([key, title]) {
  return el('button', { type: 'button', role: 'tab', id: `tab-${key}`, 'aria-controls': 'view', onclick: () => choose(key) },
    title);
}

/** Left and right go from tab to tab, as everywhere. */
function keys(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step) {
    const names = VIEWS.map(([key]) => key);
    choose(names.at((names.indexOf(view) + step) % names.length));
    at(`tab-${view}`).focus();
    event.preventDefault();
  }
}

function build(container) {
  const parts = { title: el('h2', { id: 'detail-title', tabindex: '-1' }), facts: el('p', { class: 'facts' }),
    command: el('p', { class: 'command' }), error: el('p', { class: 'error', role: 'alert' }),
    deeds: el('div', { class: 'deeds', role: 'group', 'aria-label': 'What can be done' }),
    view: el('div', { class: 'view', id: 'view', role: 'tabpanel', tabindex: '0' }) };
  at('detail').replaceChildren(
    el('header', { class: 'head' }, el('div', {}, parts.title, parts.facts), parts.deeds), parts.command, parts.error,
    el('div', { class: 'tabs', role: 'tablist', 'aria-label': 'What there is to see', onkeydown: keys }, VIEWS.map(tab)),
    parts.view);
  return { id: container.id, parts, state: '' };
}

function choose(key) {
  leave();
  view = key;
  for (const [name] of VIEWS) {
    const chosen = name === view;
    at(`tab-${name}`).setAttribute('aria-selected', String(chosen));
    at(`tab-${name}`).setAttribute('tabindex', chosen ? '0' : '-1');
  }
  shown.parts.view.setAttribute('aria-labelledby', `tab-${view}`);
  shown.parts.view.replaceChildren();
  current().open(shown.parts.view, shown.container, shown.trusted);
}

function current() {
  return VIEWS.find(([key]) => key === view)[2];
}

function leave() {
  current().close();
}

/**
 * A deed that cannot be undone is asked for twice: the button says so, and forgets it after a while. While it is under way the
 * button does nothing more, but keeps the focus.
 */
function deed([key, title], container, error) {
  const button = el('button', { type: 'button', class: `deed ${key}` }, title);
  let sure = key === 'stop';
  let timer = 0;
  button.addEventListener('click', async () => {
    if (button.hasAttribute('aria-disabled')) {
      return;
    }
    if (!sure) {
      sure = true;
      say(button, `${title}: sure?`);
      timer = setTimeout(() => { sure = false; say(button, title); }, 4000);
      return;
    }
    clearTimeout(timer);
    button.setAttribute('aria-disabled', 'true');
    try {
      const said = await post(`/api/containers/${container.id}/${key}`);
      say(at('spoken'), `${title} ${container.name}: ${said}`);
    } catch (refused) {
      say(error, refused.message);
    }
    button.removeAttribute('aria-disabled');
    sure = key === 'stop';
    say(button, title);
  });
  return button;
}

/** Shows a container, or what to do where there is none. @param others whether there are containers to choose from */
export function update(container, trusted, others) {
  const focused = at('detail').contains(document.activeElement);
  if (container) {
    something(container, trusted);
  } else {
    nothing(others);
  }
  if (focused && !at('detail').contains(document.activeElement)) {
    // It was on what is gone, as a button whose deed is done.
    focus();
  }
}

function something(container, trusted) {
  const first = shown === null || shown.id !== container.id || shown.trusted !== trusted;
  if (first) {
    if (shown) {
      leave();
    }
    shown = build(container);
  }
  const was = shown.state;
  Object.assign(shown, { container, trusted, state: container.state });
  say(shown.parts.title, container.name);
  shown.parts.title.dataset.tone = tone(container);
  say(shown.parts.facts, `${state(container)} · ${container.image} · ${shortId(container.id)}`);
  say(shown.parts.command, container.more ? container.more.command : '');
  if (container.more && was !== container.state) {
    say(shown.parts.error, container.more.error ?? '');
    shown.parts.deeds.replaceChildren(...DEEDS.filter(([, , fits]) => fits(container))
      .map((one) => deed(one, container, shown.parts.error)));
  }
  if (first) {
    choose(view);
  } else {
    current().update(container);
  }
}

function nothing(others) {
  if (shown) {
    leave();
  }
  if (shown || at('detail').childElementCount === 0) {
    at('detail').replaceChildren(el('h2', { id: 'detail-title', tabindex: '-1' }), el('p', { class: 'facts' }));
  }
  shown = null;
  say(at('detail-title'), others ? 'No container is chosen' : 'There is no container');
  say(at('detail').querySelector('.facts'), others ? 'Choose one from the list, with the arrow keys too.'
    : 'What runs is shown here by itself: its figures, what it is made of, and what it writes.');
}

/** Puts the keyboard's focus on the name, after a container was chosen. */
export function focus() {
  at('detail-title')?.focus({ preventScroll: false });
}
