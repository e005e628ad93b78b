// What is around a container: the cgroup that counts and limits it, the way to the network, whose users it has, and what the
// kernel lets it do.
import { box, fit, heading, measure, path, words } from './sheet.js';
import { draw } from './elements.js';
import { bytes, deviceRule, plural } from './words.js';

const INDENT = 16;
const NODE = 44;
const GAP = 20;

function amount(figure, value) {
  switch (figure.unit) {
    case 'BYTES': return bytes(value);
    case 'NANOSECONDS': return `${(value / 1e9).toFixed(2)} s`;
    case 'QUOTA': return `${value / 1000} of 100 ms`;
    default: return String(value);
  }
}

/** A word, and at the end of the line what there is to say of it. */
function row(word, value, x, y, width) {
  const shown = fit(value, Math.max(width * 0.66, width - measure(word, 'small') - 10), 'value');
  return [words(word, x, y, width - measure(shown, 'value') - 6, 'small'), words(shown, x + width, y, width, 'value', 'end')];
}

/** Which devices it may use: in the drawing how many kinds, below it the kernel's rules and what they say. */
function devices(figure) {
  const rules = figure.text.match(/[abc] \S+ [rwm]+/g) ?? [];
  const all = rules.length === 1 && rules[0].startsWith('a ');
  return { value: all ? 'all there are' : `${plural(rules.length, 'kind', 'kinds')} allowed`, told: { title: figure.what, text: all
    ? 'It may read, write and make every device of the host.' : 'Which device files it may open or make; all others are out of its reach.',
  lines: [figure.limitFile, ...rules.map(deviceRule)] } };
}

function meter(sheet, figure, i, x, y, width) {
  const used = figure.used === null ? '' : amount(figure, figure.used);
  const limit = figure.limit === null ? figure.text : amount(figure, figure.limit);
  if (figure.what === 'devices' && figure.text) {
    const { value, told } = devices(figure);
    sheet.part(`figure-${i}`, told, draw('rect', { x: x - 6, y: y - 14, width: width + 12, height: 28, class: 'hit' }),
      ...row(figure.what, value, x, y, width));
    return;
  }
  const whole = used && limit ? `${used} of ${limit}` : used || limit || 'no limit';
  // Where there is no room for both, the bar below shows how much of the limit it is.
  const both = used && measure(figure.what, 'small') + measure(whole, 'value') + 10 > width ? used : whole;
  const children = [draw('rect', { x: x - 6, y: y - 14, width: width + 12, height: 28, class: 'hit' }),
    ...row(figure.what, both, x, y, width)];
  if (figure.used !== null && figure.limit) {
    const share = Math.min(1, figure.used / figure.limit);
    children.push(draw('rect', { x, y: y + 5, width, height: 4, rx: 2, class: 'rail' }),
      draw('rect', { x, y: y + 5, width: Math.max(2, width * share), height: 4, rx: 2, class: share > 0.9 ? 'fill full' : 'fill' }));
  }
  sheet.part(`figure-${i}`, { title: figure.what, text: figure.limit === null ? 'Counted, and not limited.'
    : 'Counted and limited by the kernel, for all processes in there together.',
  lines: [figure.usedFile && `${figure.usedFile}  ${used}`, figure.limitFile && `${figure.limitFile}  ${limit || 'max'}`]
    .filter(Boolean) }, ...children);
}

/** The tree down to its cgroup, with what is counted there. Returns where it ends, and where its leaf is. */
export function cgroup(sheet, anatomy, x, y, width) {
  sheet.add(heading('Cgroup', x, y, width));
  const place = anatomy.cgroups.find((one) => one.controllers.includes('memory')) ?? anatomy.cgroups[0];
  let top = y + 24;
  let leaf = { x, y: top };
  if (place) {
    const steps = ['/', ...place.path.split('/').filter(Boolean)];
    steps.forEach((step, i) => {
      const left = x + INDENT * i;
      const last = i === steps.length - 1;
      if (i > 0) {
        sheet.under(path(`M${left - INDENT + 5} ${top - 18}V${top - 4}H${left}`, 'thin'));
      }
      sheet.part(`cgroup-${i}`, { title: last ? 'Its cgroup' : `Cgroup ${step}`, text: last
        ? 'All its processes are in there; the kernel counts and limits them together.' : 'A step on the way to its cgroup.',
      lines: last ? anatomy.cgroups.map((one) => `v${one.version}  ${one.controllers.join(',') || '-'}  ${one.directory}`)
        : ['cgroups(7)'] }, draw('rect', { x: left - 4, y: top - 16, width: width - INDENT * i + 8, height: 20, class: 'hit' }),
      draw('circle', { cx: left + 5, cy: top - 5, r: 5, class: last ? 'node own' : 'node' }),
      words(last ? step.slice(0, 12) : step, left + 17, top, width - INDENT * i - 17, last ? 'strong' : 'plain'));
      leaf = { x: left + 5, y: top - 5 };
      top += 22;
    });
    const names = [...new Set(anatomy.cgroups.flatMap((one) => one.controllers))].filter((name) => !name.startsWith('name='));
    sheet.add(words(`v${place.version}: ${names.join(' ')}`, x, top, width, 'faint'));
    top += 12;
  }
  anatomy.figures.slice(0, 9).forEach((figure, i) => {
    meter(sheet, figure, i, x, top + 14, width);
    top += figure.used !== null && figure.limit ? 31 : 22;
  });
  return { end: top, leaf };
}

/** Whose users those in there are. Returns where it ends. */
export function users(sheet, anatomy, x, y, width) {
  sheet.add(heading('Users', x, y, width));
  const { own, users: ranges, groups } = anatomy.users;
  const told = { title: own ? 'Users of its own' : 'The host’s users', text: own
    ? 'Root in there is a user of the host that nobody else is, and may do nothing here.'
    : 'Root in there is root of the host: nothing but the other walls is between.',
  lines: ['inside  host  how many', ...ranges.map((range) => `uid ${range.inside}  ${range.outside}  ${range.size}`),
    ...groups.map((range) => `gid ${range.inside}  ${range.outside}  ${range.size}`),
    'CLONE_NEWUSER, /proc/PID/uid_map, user_namespaces(7)'] };
  const first = ranges[0];
  const children = [box(x, y + 12, width, own && first ? 62 : 38, own ? 'own' : 'warn')];
  if (own && first) {
    const half = (width - 50) / 2;
    const last = first.size - 1;
    children.push(words('inside', x + 12, y + 30, half, 'small'), words('on the host', x + width - 12, y + 30, half, 'small', 'end'),
      words(`${first.inside}…${first.inside + last}`, x + 12, y + 48, half, 'strong'),
      words(String(first.outside), x + width - 12, y + 48, half, 'strong', 'end'),
      words(`…${first.outside + last}`, x + width - 12, y + 64, half, 'faint', 'end'),
      path(`M${x + width / 2 - 27} ${y + 26}h28l-5 -4m5 4l-5 4`, 'arrow'));
  } else {
    children.push(words('root in there is root here', x + 12, y + 36, width - 24, 'small'));
  }
  sheet.part('users', told, ...children);
  return y + (own && first ? 74 : 50);
}

function node(sheet, key, told, x, y, width, kind, title, note) {
  sheet.part(key, told, box(x, y, width, NODE, kind), words(title, x + 12, y + 19, width - 24, 'strong'),
    words(note, x + 12, y + 35, width - 24, 'small'));
  return y + NODE;
}

function wire(sheet, x, from, to) {
  sheet.under(path(`M${x} ${from}V${to}`, 'flow'));
}

function chain(sheet, link, x, y, width) {
  const middle = x + width / 2;
  let top = node(sheet, `link-${link.name}`, { title: `${link.name}, in the container`,
    text: link.peer ? 'One end of a veth pair: what goes in here comes out at the other end, outside.' : 'A link of its own.',
    lines: [`${link.addresses.join('  ') || 'no address'}`, `mac ${link.mac || '-'}  mtu ${link.mtu || '-'}  index ${link.index}`,
      link.network ? `network ${link.network}` : 'veth(4)'] }, x, y, width, 'own', link.name, link.addresses[0] ?? 'no address');
  if (link.peer) {
    wire(sheet, middle, top, top + GAP);
    top = node(sheet, `peer-${link.name}`, { title: `${link.peer.name}, on the host`,
      text: 'The other end of the pair. It goes with the container’s network namespace.', lines: [`index ${link.peer.index}`, 'veth(4)'] },
    x, top + GAP, width, '', link.peer.name, 'the other end, on the host');
  }
  if (link.bridge) {
    wire(sheet, middle, top, top + GAP);
    const others = link.bridge.ports.length;
    top = node(sheet, `bridge-${link.name}`, { title: `Bridge ${link.bridge.name}`,
      text: `A switch in the kernel: the containers of a network meet there. ${others} other port${others === 1 ? '' : 's'}.`,
      lines: [link.bridge.addresses.join('  '), ...link.bridge.ports] }, x, top + GAP, width, '', link.bridge.name,
    `bridge, ${link.bridge.addresses[0] ?? ''}${others > 0 ? `, ${others} more on it` : ''}`);
  }
  return top;
}

/** From a link in there to other hosts. Returns where it ends, and where its first link is. */
export function network(sheet, anatomy, x, y, width) {
  const { mode, links, routes, ports, rules } = anatomy.network;
  const ways = mode === 'host' ? [] : links.filter((link) => link.name !== 'lo');
  const named = ways.map((link) => link.network).filter(Boolean).join(', ') || mode;
  sheet.add(heading('Network', x, y, width), words(named, x + width, y, width * 0.6, 'small', 'end'));
  let top = y + 14;
  const first = top + NODE / 2;
  if (ways.length === 0) {
    const host = mode === 'host';
    top = node(sheet, 'no-way', { title: host ? 'The host’s network' : 'No way out', text: host
      ? 'It is in the host’s network namespace: its links and ports are the host’s.' : 'There is lo, and nothing leads out.',
    lines: links.map((link) => `${link.name}  ${link.addresses.join(' ')}`) }, x, top, width, host ? 'warn' : 'shared',
    host ? 'the host’s links' : 'lo only', host ? links.map((link) => link.name).join(' ') : 'nothing leads out');
    return { end: top, first };
  }
  ways.slice(0, 3).forEach((link, i) => {
    top = chain(sheet, link, x, i === 0 ? top : top + GAP, width);
  });
  if (rules.length > 0) {
    wire(sheet, x + width / 2, top, top + GAP);
    top = node(sheet, 'rules', { title: 'Rules of the packet filter', text: 'Packets that leave get the host’s address on their way out.',
      lines: [...rules, 'nft(8)'] }, x, top + GAP, width, '', 'packet filter', 'sends as the host');
  }
  const gateway = routes.find((route) => route.gateway !== '');
  if (gateway) {
    wire(sheet, x + width / 2, top, top + GAP);
    top = node(sheet, 'routes', { title: 'Other hosts', text: `What is for nobody near goes to ${gateway.gateway}.`, lines: routes
      .map((route) => `${route.destination}${route.gateway ? ` via ${route.gateway}` : ''} dev ${route.link}`) }, x, top + GAP, width,
    'pill', 'other hosts', `by way of ${gateway.gateway}`);
  }
  ports.slice(0, 4).forEach((port, i) => {
    sheet.part(`port-${i}`, { title: `Published port ${port.outside}`, text: `What comes to the host at ${port.outside} is led to ${port.inside}.`,
      lines: [port.map, port.element].filter(Boolean) }, draw('rect', { x: x - 4, y: top + 6, width: width + 8, height: 20, class: 'hit' }),
    words(`${port.outside} → ${port.inside}`, x, top + 20, width, 'value'));
    top += 20;
  });
  return { end: top, first };
}

/** As the kernel numbers them; capabilities(7). */
const CAPABILITIES = ['CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP',
  'LINUX_IMMUTABLE', 'NET_BIND_SERVICE', 'NET_BROADCAST', 'NET_ADMIN', 'NET_RAW', 'IPC_LOCK', 'IPC_OWNER', 'SYS_MODULE', 'SYS_RAWIO',
  'SYS_CHROOT', 'SYS_PTRACE', 'SYS_PACCT', 'SYS_ADMIN', 'SYS_BOOT', 'SYS_NICE', 'SYS_RESOURCE', 'SYS_TIME', 'SYS_TTY_CONFIG', 'MKNOD',
  'LEASE', 'AUDIT_WRITE', 'AUDIT_CONTROL', 'SETFCAP', 'MAC_OVERRIDE', 'MAC_ADMIN', 'SYSLOG', 'WAKE_ALARM', 'BLOCK_SUSPEND',
  'AUDIT_READ', 'PERFMON', 'BPF', 'CHECKPOINT_RESTORE'];

/** What its first process may do. Returns where it ends. */
export function walls(sheet, anatomy, x, y, width) {
  const { effective, bounding, noNewPrivileges, seccomp, filters, profile, lsm } = anatomy.walls;
  sheet.add(heading('May do', x, y, width));
  const columns = 14;
  const cell = width / columns;
  const has = new Set(effective.map((name) => name.replace('CAP_', '')));
  const may = new Set(bounding.map((name) => name.replace('CAP_', '')));
  const cells = CAPABILITIES.map((name, i) => draw('rect', { x: x + (i % columns) * cell, y: y + 14 + Math.floor(i / columns) * 15,
    width: cell - 4, height: 11, rx: 2, class: has.has(name) ? 'cap has' : may.has(name) ? 'cap may' : 'cap' }));
  let top = y + 14 + Math.ceil(CAPABILITIES.length / columns) * 15;
  const missing = CAPABILITIES.filter((name) => !may.has(name));
  sheet.part('capabilities', { title: `${effective.length} of ${CAPABILITIES.length} capabilities`,
    text: 'Root’s power in parts; each square is one, filled where its first process has it. What is not in the bounding set is out of '
      + 'reach for ever.', lines: [`has       ${effective.join(' ') || 'none'}`, `never     ${missing.map((name) => `CAP_${name}`).join(' ') || '-'}`,
      'capabilities(7)'] }, draw('rect', { x: x - 4, y: y + 10, width: width + 8, height: top - y + 12, class: 'hit' }), ...cells,
  words(`${effective.length} of ${CAPABILITIES.length} capabilities`, x, top + 14, width, 'small'));
  top += 24;
  const rows = [['seccomp', seccomp === 0 ? 'every system call' : `${profile} filter`, seccomp === 0
    ? 'No filter: every system call is let through.' : `Each system call goes through ${filters} filter${filters === 1 ? '' : 's'}, made from the ${profile} profile.`,
  [`Seccomp: ${seccomp} in /proc/PID/status`, 'seccomp(2)']],
  ['privileges', noNewPrivileges ? 'no new ones' : 'set-uid files work', noNewPrivileges
    ? 'No file that is executed gives more than it has, set-uid or not.' : 'A set-uid file gives its owner’s rights, as on the host.',
  [`NoNewPrivs: ${noNewPrivileges ? 1 : 0}`, 'PR_SET_NO_NEW_PRIVS(2const)']], ['module', lsm || 'no label',
    'The security module of the kernel, and what it calls the container.', ['/proc/PID/attr/current', 'Documentation/admin-guide/LSM']]];
  for (const [key, note, text, lines] of rows) {
    sheet.part(`wall-${key}`, { title: key, text, lines }, draw('rect', { x: x - 4, y: top - 2, width: width + 8, height: 20, class: 'hit' }),
      ...row(key, note, x, top + 12, width));
    top += 21;
  }
  return top;
}
