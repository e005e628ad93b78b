// Numbers as people read them.

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** 12.3 MiB */
export function bytes(value) {
  let number = Math.max(0, value);
  let unit = 0;
  while (number >= 1024 && unit < UNITS.length - 1) {
    number /= 1024;
    unit += 1;
  }
  return `${short(number, unit === 0)} ${UNITS[unit]}`;
}

export function rate(value) {
  return `${bytes(value)}/s`;
}

function short(number, whole) {
  if (whole || number >= 100) {
    return String(Math.round(number));
  }
  return number.toFixed(number >= 10 ? 1 : 2);
}

/** Of one processor: 100 is all of it. */
export function percent(value) {
  return `${value >= 10 ? value.toFixed(0) : value.toFixed(1)} %`;
}

/** How long ago: 12 s, 3 min, 5 h, 2 d. */
export function age(since, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - since) / 1000));
  if (seconds < 90) {
    return `${seconds} s`;
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) {
    return `${minutes} min`;
  }
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}

/** The first 12 digits, as everywhere. */
export function shortId(id) {
  return id.slice(0, 12);
}

export function plural(count, one, many) {
  return `${count} ${count === 1 ? one : many}`;
}

const DEVICES = { 'c 1:3': '/dev/null', 'c 1:5': '/dev/zero', 'c 1:7': '/dev/full', 'c 1:8': '/dev/random', 'c 1:9': '/dev/urandom',
  'c 5:0': '/dev/tty', 'c 5:1': '/dev/console', 'c 5:2': '/dev/ptmx', 'c 136:*': '/dev/pts', 'c *:*': 'every character device',
  'b *:*': 'every block device' };
const RIGHTS = { r: 'read', w: 'write', m: 'make' };

/** A rule of a cgroup's devices.list, and what it says: c 1:3 rwm  /dev/null: read, write, make. */
export function deviceRule(rule) {
  const [kind, numbers, rights] = rule.split(' ');
  const name = DEVICES[`${kind} ${numbers}`] ?? `${kind === 'b' ? 'block' : 'character'} devices ${numbers}`;
  return `${rule}  ${name}: ${[...(rights ?? '')].map((letter) => RIGHTS[letter] ?? letter).join(', ')}`;
}
