// What a container wrote, and what it goes on to write. Each answer is bounded: what came faster than that is said to be
// missing, and the page keeps the last lines only.
import { el, say } from './elements.js';
import { get } from './ask.js';
import { locked } from './locked.js';

const KEPT = 2000;
/** So long a line in parts becomes, about; what follows is put below it, since a line may never end. */
const LONGEST = 16 * 1024;
const PAUSE = 1000;

let open_ = null;

export function open(parent, container, trusted) {
  if (!trusted) {
    parent.append(locked('What a container writes may hold secrets.'));
    return;
  }
  const lines = el('div', { class: 'lines', role: 'log', tabindex: '0', 'aria-label': `Log of ${container.name}`,
    'aria-live': 'off' });
  const follow = el('input', { type: 'checkbox', id: 'follow', checked: true });
  const wrap = el('input', { type: 'checkbox', id: 'wrap', checked: true,
    onchange: () => lines.classList.toggle('wide', !wrap.checked) });
  const count = el('span', { class: 'note' });
  parent.append(el('div', { class: 'tools' }, el('label', {}, follow, 'Follow'), el('label', {}, wrap, 'Wrap'), count), lines);
  open_ = { id: container.id, lines, follow, count, last: null, same: 0, timer: 0, goesOn: new Map(), left: 0 };
  ask(open_);
}

export function close() {
  clearTimeout(open_?.timer);
  open_ = null;
}

export function update() {
  // Lines come by themselves.
}

async function ask(mine) {
  try {
    const after = mine.last ? `?after=${encodeURIComponent(mine.last)}` : '';
    const page = await get(`/api/containers/${mine.id}/logs${after}`);
    if (open_ === mine) {
      add(mine, page);
    }
  } catch (refused) {
    if (open_ === mine) {
      say(mine.count, refused.message);
    }
  }
  if (open_ === mine) {
    mine.timer = setTimeout(() => ask(mine), document.hidden ? 4 * PAUSE : PAUSE);
  }
}

/**
 * An answer begins with the lines of the very moment that was asked from, which are here already: with all of them, or, where
 * that is more than an answer has, with the last of them.
 */
function add(mine, page) {
  const after = page.lines.findIndex((line) => line.time !== mine.last);
  const met = after < 0 ? page.lines.length : after;
  const fresh = page.lines.slice(Math.min(met, mine.same));
  const atEnd = mine.lines.scrollTop + mine.lines.clientHeight >= mine.lines.scrollHeight - 8;
  if (mine.last !== null && fresh.length > 0 && met === 0) {
    mine.goesOn.clear();
    mine.lines.append(el('p', { class: 'gap' }, 'lines were left out here: it wrote faster than this page reads'));
  }
  for (const line of fresh) {
    mine.same = line.time === mine.last ? mine.same + 1 : 1;
    mine.last = line.time;
    put(mine, line);
  }
  while (mine.lines.childElementCount > KEPT) {
    mine.lines.firstElementChild.remove();
  }
  say(mine.count, mine.lines.childElementCount === 0 ? 'It has written nothing.' : '');
  if (mine.follow.checked && (atEnd || fresh.length > 0)) {
    mine.lines.scrollTop = mine.lines.scrollHeight;
  }
}

/** A line in several parts is one line, as long as it is not too long, and is still among those that are kept. */
function put(mine, line) {
  const begun = mine.goesOn.get(line.error);
  const one = begun && begun.size < LONGEST && begun.text.isConnected ? begun : begin(mine, line);
  one.text.append(line.text);
  one.size += line.text.length;
  if (line.goesOn) {
    mine.goesOn.set(line.error, one);
  } else {
    mine.goesOn.delete(line.error);
  }
}

function begin(mine, line) {
  const text = el('span', { class: 'text' });
  mine.lines.append(el('p', { class: line.error ? 'stderr' : 'stdout' },
    el('time', { datetime: line.time }, line.time.slice(11, 23)), text));
  return { text, size: 0 };
}
