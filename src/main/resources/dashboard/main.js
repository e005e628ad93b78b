// The page from its first moment: asks once a second, and shows what it is told.
import * as ask from './ask.js';
import * as detail from './detail.js';
import * as figures from './figures.js';
import * as list from './list.js';
import * as tiles from './tiles.js';
import { at, say } from './elements.js';

const PAUSE = 1000;
const HIDDEN_PAUSE = 10000;
/** With so many containers an answer is large: the page asks less often. */
const MANY = 100;

let page = null;
let timer = 0;
let looks = 0;
/** Why this page can no longer do all that it could; until it is given another token. */
let lost = '';

/** The container that the address names; where it names none, the first one that runs. */
function chosen() {
  const named = /^#[0-9a-f]{64}$/.test(location.hash);
  return page.containers.find((container) => (named ? `#${container.id}` === location.hash : container.use));
}

function show() {
  const container = chosen();
  list.update(page.containers, container?.id);
  detail.update(container, page.trusted, page.containers.length > 0);
  document.title = container ? `${container.name} · tiny-docker` : 'tiny-docker';
}

function tell(pulse, banner = '') {
  say(at('pulse'), pulse);
  at('pulse').dataset.pulse = pulse;
  say(at('banner'), banner);
  at('banner').hidden = banner === '';
}

/** Why there is no answer. */
function explain(failure) {
  if (failure instanceof ask.Refused) {
    lost = failure.status === 401 ? `This page shows figures only: ${failure.message}` : lost;
    tell(failure.status === 401 ? 'connecting' : 'refused', failure.message);
  } else {
    tell('no engine', 'The engine does not answer. It ends when nobody needs it, and the next tiny command starts it again.');
  }
}

function take(answered) {
  if (page === null) {
    tiles.make();
  }
  page = answered;
  figures.take(page);
  say(at('access'), page.trusted ? 'full access' : 'figures only');
  at('access').dataset.access = page.trusted ? 'full' : 'figures';
  tiles.update(page);
  show();
  lost = page.trusted ? '' : lost;
  tell('live', lost);
}

async function look() {
  clearTimeout(timer);
  looks += 1;
  const mine = looks;
  let answered = null;
  let failure = null;
  try {
    answered = await ask.get('/api/containers');
  } catch (caught) {
    failure = caught;
  }
  if (mine !== looks) {
    // A later look was begun meanwhile: what this one saw is older, and may be another token's.
    return;
  }
  const pause = document.hidden ? HIDDEN_PAUSE : PAUSE * Math.max(1, Math.ceil((page?.containers.length ?? 0) / MANY));
  timer = setTimeout(look, pause);
  if (answered) {
    take(answered);
  } else {
    explain(failure);
  }
}

ask.begin();
at('list').addEventListener('keydown', list.keys);
document.querySelector('.skip').addEventListener('click', (event) => {
  // The address goes on naming the container that is looked at.
  event.preventDefault();
  at('list').focus();
});
window.addEventListener('hashchange', (event) => {
  // An address with a token, put into the page that is open, loads nothing.
  if (ask.begin(new URL(event.oldURL).hash)) {
    look();
  } else if (page) {
    show();
    detail.focus();
  }
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) {
    look();
  }
});
look();
