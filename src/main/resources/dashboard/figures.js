// Rates from counters: the engine tells what was used until now, and two answers make a rate.

/** How far back curves go, in milliseconds. */
export const SPAN = 120000;

const histories = new Map();
/** All containers together. */
const totals = [];
let host = null;

/** One moment of one container, or of all of them. */
function moment(at, before, now, hostNanos, processors) {
  const seconds = before ? (at - before.at) / 1000 : 0;
  const per = (key) => (seconds > 0 ? Math.max(0, now[key] - before.use[key]) / seconds : 0);
  const cpu = before && hostNanos > 0
    ? 100 * processors * Math.max(0, now.cpuNanos - before.use.cpuNanos) / hostNanos : 0;
  return { at, use: now, cpu, memory: now.memoryBytes, received: per('receivedBytes'), sent: per('sentBytes'),
    read: per('readBytes'), written: per('writtenBytes') };
}

/** Adds the latest. Of those before the span one is kept, from which the curve comes in. */
function add(moments, latest) {
  moments.push(latest);
  while (moments.length > 1 && moments[1].at <= latest.at - SPAN) {
    moments.shift();
  }
}

/** Takes an answer in; what is gone is forgotten. */
export function take(page, at = Date.now()) {
  const hostNanos = host ? page.host.cpuNanos - host.cpuNanos : 0;
  if (host && hostNanos === 0) {
    // The same look again.
    return;
  }
  if (hostNanos < 0 || at <= totals.at(-1)?.at) {
    // The host has begun anew, or it is another one, or this one's clock was set back: nothing from before compares with this.
    histories.clear();
    totals.length = 0;
  }
  const alive = new Set();
  for (const container of page.containers) {
    if (!container.use) {
      continue;
    }
    alive.add(container.id);
    const history = histories.get(container.id) ?? [];
    add(history, moment(at, history.at(-1), container.use, hostNanos, page.host.processors));
    histories.set(container.id, history);
  }
  for (const id of histories.keys()) {
    if (!alive.has(id)) {
      histories.delete(id);
    }
  }
  add(totals, sum(at));
  host = page.host;
}

/** The moments of a container, the latest last; none where it does not run. */
export function history(id) {
  return histories.get(id) ?? [];
}

/** The moments of all containers together. */
export function together() {
  return totals;
}

function sum(at) {
  const total = { cpu: 0, memory: 0, received: 0, sent: 0, read: 0, written: 0 };
  for (const moments of histories.values()) {
    const last = moments.at(-1);
    for (const key of Object.keys(total)) {
      total[key] += last[key];
    }
  }
  return { at, ...total };
}
