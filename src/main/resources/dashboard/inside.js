// The middle of the drawing: the walls, which are namespaces, the processes behind them, and the layers they stand on.
import { box, heading, path, words } from './sheet.js';
import { draw } from './elements.js';

const CHIP = 42;
const MOST_OTHERS = 4;
const MOST_PLATES = 6;
const PLATE = 30;

function user(number, inside) {
  const there = inside < 0 ? 'nobody' : inside === 0 ? 'root' : `user ${inside}`;
  const here = number === 0 ? 'root' : `user ${number}`;
  return inside === number ? `${here} inside and outside` : `${there} inside, ${here} outside`;
}

function namespaceOf(one) {
  const shared = one.sharedWith.length > 0 ? `It shares it with ${one.sharedWith.join(', ')}.` : '';
  return { title: `Namespace ${one.kind}`, text: `${one.own ? 'Its own' : 'The host’s'}: ${one.what}. ${shared}`,
    lines: [`${one.flag} of clone(2), namespaces(7)`, `/proc/PID/ns/${one.kind}  ${one.kind}:[${one.number}]`,
      `on the host      ${one.kind}:[${one.hostNumber}]`] };
}

function chips(sheet, anatomy, x, y, width) {
  const columns = width < 360 ? 2 : 4;
  const wide = (width - 8 * (columns - 1)) / columns;
  anatomy.namespaces.forEach((one, i) => {
    const left = x + (i % columns) * (wide + 8);
    const top = y + Math.floor(i / columns) * (CHIP + 8);
    const note = !anatomy.running ? (one.own ? 'its own' : 'the host’s')
      : one.own ? (one.sharedWith.length > 0 ? `with ${one.sharedWith[0]}` : String(one.number)) : 'the host’s';
    sheet.part(`ns-${one.kind}`, namespaceOf(one), box(left, top, wide, CHIP, one.own ? 'own' : 'shared'),
      words(one.kind, left + 10, top + 18, wide - 14, 'strong'), words(note, left + 10, top + 34, wide - 14, 'small'));
  });
  return y + Math.ceil(anatomy.namespaces.length / columns) * (CHIP + 8);
}

function tellProcess(one) {
  return { title: `Process ${one.pid}`, text: `It is number ${one.inside} in its own pid namespace, and ${user(one.user,
    one.userInside)}. It was started by ${one.parentName || 'a process'} (${one.parent}).`,
  lines: [one.command.join(' '), `${one.threads} thread${one.threads === 1 ? '' : 's'}; /proc/${one.pid}/status, proc_pid_status(5)`] };
}

function processes(sheet, anatomy, x, y, width) {
  const one = anatomy.process;
  if (!one) {
    sheet.part('process', { title: 'No process', text: 'It does not run: what is drawn is from the record.', lines: [] },
      box(x, y, width, 64, 'process idle'), words(anatomy.state, x + 14, y + 37, width - 28, 'strong'));
    return y + 64;
  }
  const others = anatomy.others.slice(0, MOST_OTHERS);
  const rest = anatomy.others.length - others.length;
  const height = 74 + 20 * (others.length + (rest > 0 ? 1 : 0));
  sheet.part('process', tellProcess(one), box(x, y, width, height, 'process'),
    words(one.command.join(' '), x + 14, y + 24, width - 28, 'mono'),
    words(`pid ${one.inside} inside, ${one.pid} outside`, x + 14, y + 44, width - 28, 'small'),
    words(user(one.user, one.userInside), x + 14, y + 61, width - 28, 'small'));
  others.forEach((other, i) => {
    const top = y + 82 + 20 * i;
    sheet.part(`process-${other.pid}`, tellProcess(other), draw('rect', { x: x + 8, y: top - 14, width: width - 16, height: 19,
      class: 'hit' }), words(`└ ${other.inside}  ${other.command.join(' ')}`, x + 14, top, width - 28, 'small'));
  });
  if (rest > 0) {
    sheet.add(words(`and ${rest} more`, x + 14, y + 82 + 20 * others.length, width - 28, 'small'));
  }
  return y + height;
}

/** The container: a box whose walls are its namespaces. Returns where it ends. */
export function container(sheet, anatomy, x, y, width) {
  const shim = anatomy.process?.parentName ?? '';
  if (shim) {
    const wide = Math.min(width - 40, 190);
    const left = x + (width - wide) / 2;
    sheet.under(path(`M${x + width / 2} ${y + 28}V${y + 52}`, 'thin'));
    sheet.part('shim', { title: `${shim}, process ${anatomy.process.parent}`, text: 'It has started the container, holds its '
      + 'streams, writes its log, waits for its end, and outlives the engine. It is a process of the host.',
    lines: [`/proc/${anatomy.process.parent}/exe`] }, box(left, y, wide, 28, 'pill', 14),
    words(`${shim} ${anatomy.process.parent}`, x + width / 2, y + 19, wide - 20, 'small', 'middle'));
  }
  const top = y + 52;
  const after = chips(sheet, anatomy, x + 14, top + 46, width - 28);
  const end = processes(sheet, anatomy, x + 14, after + 6, width - 28) + 16;
  sheet.under(box(x, top, width, end - top, 'container', 14));
  sheet.add(words(anatomy.name, x + 16, top + 29, width - 32 - 170, 'title'),
    words('walls: namespaces', x + width - 16, top + 29, 170, 'small', 'end'));
  return { top, end, middle: (after + end) / 2 };
}

function plate(x, y, width, writable) {
  const skew = 26;
  return draw('path', { class: `plate ${writable ? 'writable' : ''}`,
    d: `M${x + skew} ${y}H${x + width}L${x + width - skew} ${y + 30}H${x}Z` });
}

function tail(name) {
  return name.split('/').slice(-3).join('/');
}

/** The layers of its root, the topmost first, and whatever else is mounted. Returns where they end. */
export function layers(sheet, anatomy, x, y, width) {
  const root = anatomy.mounts.find((mount) => mount.target === '/');
  sheet.add(heading('Layers', x, y, width));
  let top = y + 14;
  if (root && root.layers.length > 0) {
    const all = root.layers;
    const shown = all.length > MOST_PLATES ? [...all.slice(0, MOST_PLATES - 1), all.at(-1)] : all;
    const wide = Math.min(width * 0.4, 210);
    [...shown.entries()].reverse().forEach(([i, layer]) => {
      const number = i === shown.length - 1 ? all.length - 1 : i;
      const at = top + i * PLATE;
      const title = layer.writable ? 'Writable layer' : `Layer ${all.length - number} of ${all.length}`;
      sheet.part(`layer-${i}`, { title, text: layer.writable
        ? 'What the container writes goes here, a file that it changes is copied here first. Gone with the container.'
        : 'A directory of the image, read only, shared with every container that is made from it.',
      lines: [layer.path, `${layer.writable ? 'upperdir' : 'lowerdir'} of overlay on /, mount_setattr(2), Documentation/filesystems/overlayfs.rst`] },
      plate(x, at, wide, layer.writable),
      words(layer.writable ? 'what it writes' : number === all.length - 1 ? 'the lowest layer' : `layer ${all.length - number}`,
        x + wide + 12, at + 13, width - wide - 12, 'small'),
      words(tail(layer.path), x + wide + 12, at + 26, width - wide - 12, 'faint'));
    });
    top += shown.length * PLATE + 18;
    if (all.length > shown.length) {
      sheet.add(words(`and ${all.length - shown.length} between`, x, top, width, 'small'));
      top += 16;
    }
  } else if (root) {
    sheet.part('root', { title: 'Root', text: `A directory of the host is its root: ${root.from}`, lines: [root.options.join(' ')] },
      box(x, top, width, 34), words(root.from, x + 12, top + 22, width - 24, 'small'));
    top += 46;
  }
  return mounts(sheet, anatomy, x, top + 4, width);
}

const ORIGINS = [['BIND', 'of the host', 'Asked for with -v or --mount: the host’s own files.'],
  ['VOLUME', 'volumes', 'A layer of its own over a directory that the image wants kept apart.'],
  ['ENGINE', 'the engine’s', 'Files that the engine writes for it.'],
  ['MEMORY', 'in memory', 'tmpfs: gone with the container.'],
  ['KERNEL', 'the kernel’s', 'File systems that are no disk’s: the kernel makes them up as they are read.'],
  ['DEVICE', 'devices', 'Device files of the host.'],
  ['MASK', 'covered', 'Laid over what is not to be seen, or not to be written.'],
  ['OTHER', 'others', 'Mounted as they are.']];

function mounts(sheet, anatomy, x, y, width) {
  let top = y;
  for (const [origin, word, text] of ORIGINS) {
    const those = anatomy.mounts.filter((mount) => mount.origin === origin && mount.target !== '/');
    if (those.length > 0) {
      sheet.part(`mounts-${origin}`, { title: `Mounts: ${word}`, text, lines: those.map((mount) =>
        `${mount.target}  ${mount.type}  ${mount.options.join(',')}${mount.from ? `  from ${mount.from}` : ''}`) },
      draw('rect', { x: x - 6, y: top - 2, width: width + 12, height: 20, class: 'hit' }),
      words(word, x, top + 12, 92, 'small'),
      words(those.map((mount) => mount.target).join('  '), x + 96, top + 12, width - 96, 'faint'));
      top += 21;
    }
  }
  return top;
}
