// Asks the engine. The token comes in the page's address, behind the #, which no browser sends anywhere; it stays in this
// tab, and is gone from the address and the history before anything else happens.

const PATIENCE = 20000;
const KEY = 'token';

let token = '';

/**
 * Takes the token out of the address, or finds the one this tab has had; to be called at first, and when the address changes.
 * @param named what the address shall name instead
 * @return whether there was one in the address
 */
export function begin(named = '') {
  const given = /^#token=([A-Za-z0-9_-]{20,100})$/.exec(location.hash);
  if (given) {
    sessionStorage.setItem(KEY, given[1]);
    history.replaceState(null, '', location.pathname + named);
  }
  token = sessionStorage.getItem(KEY) ?? '';
  return given !== null;
}

/** Whether there is a token; the engine says whether it is the right one. */
export function hasToken() {
  return token !== '';
}

function forget() {
  token = '';
  sessionStorage.removeItem(KEY);
}

/** What the engine would not do, in its words. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function ask(method, path) {
  const sent = token;
  const headers = sent === '' ? {} : { Authorization: `Bearer ${sent}` };
  const answer = await fetch(path, { method, headers, cache: 'no-store', redirect: 'error', credentials: 'omit',
    signal: AbortSignal.timeout(PATIENCE) });
  if (!answer.ok) {
    // Another one may have come meanwhile.
    if (answer.status === 401 && sent !== '' && sent === token) {
      forget();
    }
    throw new Refused(answer.status, (await answer.text()).trim());
  }
  return answer;
}

/** A value. @throws Refused, or TypeError where no engine answers */
export async function get(path) {
  return (await ask('GET', path)).json();
}

/** Has something done; what the engine says of it. */
export async function post(path) {
  return (await (await ask('POST', path)).text()).trim();
}
