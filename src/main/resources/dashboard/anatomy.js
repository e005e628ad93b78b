// What a container is made of, as a drawing: its processes behind their walls, what they stand on, what counts them, and their
// way to the network. Each part can be chosen, and says what it is and where the kernel says so.
import { el, say } from './elements.js';
import { get } from './ask.js';
import { locked } from './locked.js';
import { bow, box, path, Sheet, words } from './sheet.js';
import { container, layers } from './inside.js';
import { cgroup, network, users, walls } from './outside.js';

const PAUSE = 4000;
const WIDE = 820;
const MIDDLING = 600;
const FRAME = 22;

let open_ = null;

/** Three columns where there is room, or two below the container, and else one below the other. */
function compose(anatomy, width) {
  const sheet = new Sheet();
  const arrange = width >= WIDE ? columns : width >= MIDDLING ? pair : column;
  const height = arrange(sheet, anatomy, width);
  sheet.behind.prepend(box(1, 10, width - 2, height - 12, 'host', 16));
  sheet.add(words('this host', FRAME, 14, 90, 'frame'));
  return { picture: sheet.picture(width, height, `Anatomy of ${anatomy.name}`), told: sheet.told };
}

function columns(sheet, anatomy, width) {
  const side = Math.min(280, Math.round(width * 0.24));
  const gap = Math.round(width * 0.04);
  const left = FRAME + 4;
  const right = width - FRAME - 4 - side;
  const x = left + side + gap;
  const wide = right - gap - x;
  const body = container(sheet, anatomy, x, 34, wide);
  const ground = layers(sheet, anatomy, x + 8, body.end + 58, wide - 16);
  const tree = cgroup(sheet, anatomy, left, 60, side);
  const owners = users(sheet, anatomy, left, tree.end + 36, side);
  const way = network(sheet, anatomy, right, 60, side);
  const may = walls(sheet, anatomy, right, way.end + 38, side);
  if (anatomy.cgroups.length > 0) {
    sheet.under(bow(tree.leaf.x + 120, tree.leaf.y, x, Math.max(tree.leaf.y, body.top + 30), 'counts'));
  }
  stands(sheet, x + wide / 2, body.end, 40);
  if (isConnected(anatomy)) {
    sheet.under(bow(x + wide, way.first, right, way.first, 'flow'));
  }
  return Math.max(ground, owners, may) + 30;
}

function isConnected(anatomy) {
  return anatomy.network.links.some((link) => link.name !== 'lo');
}

/** The arrow from the layers to the container that stands on them. */
function stands(sheet, x, end, length) {
  sheet.under(path(`M${x} ${end + length}V${end + 4}m-5 7l5 -7l5 7`, 'arrow'));
}

/** A line at the left of all, from a container to the heading of what counts it. */
function counts(sheet, anatomy, x, end, y) {
  if (anatomy.cgroups.length > 0) {
    sheet.under(path(`M${x} ${end - 24}H${x - 12}V${y - 4}H${x - 4}`, 'counts'));
  }
}

function pair(sheet, anatomy, width) {
  const x = FRAME + 6;
  const wide = width - 2 * x;
  const side = Math.round((wide - 44) / 2);
  const right = x + wide - side;
  const body = container(sheet, anatomy, x, 34, wide);
  const ground = layers(sheet, anatomy, x, body.end + 58, side);
  const tree = cgroup(sheet, anatomy, x, ground + 36, side);
  const way = network(sheet, anatomy, right, body.end + 58, side);
  const may = walls(sheet, anatomy, right, way.end + 38, side);
  const owners = users(sheet, anatomy, right, may + 30, side);
  stands(sheet, x + side / 2, body.end, 40);
  counts(sheet, anatomy, x, body.end, ground + 36);
  if (isConnected(anatomy)) {
    sheet.under(path(`M${right + side / 2} ${body.end}V${way.first}`, 'flow'));
  }
  return Math.max(tree.end, owners) + 28;
}

function column(sheet, anatomy, width) {
  const x = FRAME;
  const wide = width - 2 * FRAME;
  const body = container(sheet, anatomy, x, 32, wide);
  stands(sheet, x + wide / 2, body.end, 30);
  const ground = layers(sheet, anatomy, x, body.end + 48, wide);
  counts(sheet, anatomy, x, body.end, ground + 36);
  const tree = cgroup(sheet, anatomy, x, ground + 36, wide);
  const owners = users(sheet, anatomy, x, tree.end + 36, wide);
  const way = network(sheet, anatomy, x, owners + 36, wide);
  if (isConnected(anatomy)) {
    sheet.under(path(`M${x + wide} ${body.end - 24}h11V${way.first}h-11`, 'flow'));
  }
  return walls(sheet, anatomy, x, way.end + 38, wide) + 28;
}

export function open(parent, container, trusted) {
  if (!trusted) {
    parent.append(locked('What a container is made of tells its mounts, its commands and its addresses.'));
    return;
  }
  const place = el('div', { class: 'place' });
  const caption = el('div', { class: 'caption', 'aria-live': 'polite' });
  const problem = el('p', { class: 'error' });
  parent.append(problem, caption, place);
  open_ = { id: container.id, place, caption, problem, anatomy: null, text: '', chosen: 'process', told: new Map(), timer: 0 };
  const mine = open_;
  place.addEventListener('focusin', (event) => choose(mine, event.target.closest('.part')));
  place.addEventListener('click', (event) => event.target.closest('.part')?.focus());
  place.addEventListener('keydown', (event) => keys(mine, event));
  mine.sizes = new ResizeObserver(() => redraw(mine));
  mine.sizes.observe(place);
  ask(mine);
}

export function close() {
  clearTimeout(open_?.timer);
  open_?.sizes.disconnect();
  open_ = null;
}

/** When a container starts or ends, it is another anatomy. */
export function update(container) {
  if (open_ && open_.anatomy && open_.anatomy.running !== Boolean(container.use)) {
    clearTimeout(open_.timer);
    ask(open_);
  }
}

async function ask(mine) {
  try {
    const anatomy = await get(`/api/containers/${mine.id}/anatomy`);
    const text = JSON.stringify({ ...anatomy, at: '' });
    if (open_ === mine && text !== mine.text) {
      Object.assign(mine, { anatomy, text });
      redraw(mine);
    }
    say(mine.problem, '');
  } catch (refused) {
    say(mine.problem, refused.message);
  }
  if (open_ === mine) {
    clearTimeout(mine.timer);
    mine.timer = setTimeout(() => ask(mine), PAUSE);
  }
}

function redraw(mine) {
  const width = Math.floor(mine.place.clientWidth);
  if (!mine.anatomy || width < 200) {
    return;
  }
  const focused = mine.place.contains(document.activeElement);
  const { picture, told } = compose(mine.anatomy, width);
  mine.place.replaceChildren(picture);
  mine.told = told;
  const part = find(mine, mine.chosen) ?? find(mine, 'process');
  part.setAttribute('tabindex', '0');
  if (focused) {
    part.focus({ preventScroll: true });
  } else {
    choose(mine, part);
  }
}

function find(mine, key) {
  return mine.place.querySelector(`[data-part="${CSS.escape(key)}"]`);
}

function choose(mine, part) {
  if (!part) {
    return;
  }
  mine.place.querySelector('.part[tabindex="0"]')?.setAttribute('tabindex', '-1');
  mine.place.querySelector('.part.chosen')?.classList.remove('chosen');
  part.setAttribute('tabindex', '0');
  part.classList.add('chosen');
  mine.chosen = part.dataset.part;
  const { title, text, lines } = mine.told.get(mine.chosen);
  const key = JSON.stringify([title, text, lines]);
  if (mine.caption.dataset.key !== key) {
    mine.caption.dataset.key = key;
    mine.caption.replaceChildren(el('h3', {}, title), el('p', {}, text),
      el('ul', {}, lines.map((line) => el('li', {}, el('code', {}, line)))));
  }
}

/** The drawing is one stop of the tab key; arrows go from part to part. */
function keys(mine, event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const parts = [...mine.place.querySelectorAll('.part')];
  const place = parts.indexOf(document.activeElement);
  if (step && place >= 0) {
    event.preventDefault();
    parts.at((place + step) % parts.length).focus();
  }
}
