// A sheet to draw on, in pixels: text that fits, boxes, and parts that can be chosen.
import { draw } from './elements.js';

/** How wide a letter is, about, of the size that the style sheet gives. */
const LETTER = { plain: 6.9, strong: 7.3, title: 9.6, mono: 7.3, small: 6.3, faint: 6.4, value: 7, head: 8.2, frame: 6.4 };

/** How wide a text is, about. */
export function measure(text, style) {
  return text.length * LETTER[style];
}

/** The text, cut so that it fits. */
export function fit(text, width, style) {
  const most = Math.max(1, Math.floor(width / LETTER[style]));
  return text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}…`;
}

export function words(text, x, y, width, style = 'plain', anchor = 'start') {
  return draw('text', { x, y, class: `t-${style}`, 'text-anchor': anchor }, fit(String(text), width, style));
}

export function box(x, y, width, height, kind = '', radius = 8) {
  return draw('rect', { x, y, width, height, rx: radius, class: `box ${kind}` });
}

export function path(d, kind = '') {
  return draw('path', { d, class: `wire ${kind}` });
}

/** The heading of a corner of the sheet. */
export function heading(text, x, y, width) {
  return words(text.toUpperCase(), x, y, width, 'head');
}

/** A curve from one point to another that leaves and arrives sideways. */
export function bow(x1, y1, x2, y2, kind) {
  const middle = (x1 + x2) / 2;
  return path(`M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`, kind);
}

/** Collects what is drawn, and what there is to tell of each part. */
export class Sheet {
  constructor() {
    this.behind = draw('g');
    this.front = draw('g');
    this.told = new Map();
  }

  /** Something that can be chosen. @param told { title, text, lines } */
  part(key, told, ...children) {
    this.told.set(key, told);
    this.front.append(draw('g', { class: 'part', role: 'button', tabindex: '-1', 'data-part': key,
      'aria-label': `${told.title}. ${told.text}` }, children));
  }

  /** What is only seen. */
  add(...children) {
    this.front.append(...children);
  }

  under(...children) {
    this.behind.append(...children);
  }

  /** The drawing, as high as it has become. */
  picture(width, height, label) {
    return draw('svg', { class: 'anatomy', role: 'group', 'aria-label': label, width, height,
      viewBox: `0 0 ${width} ${height}` }, this.behind, this.front);
  }
}
