// Elements from values. Whatever a container has named, written or said becomes text: there is no way here from a string
// to markup, and the page's Content-Security-Policy forbids every other.

const SVG = 'http://www.w3.org/2000/svg';

/** An element with attributes and children; strings among them become text, null and false are left out. */
export function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same, of a drawing. */
export function draw(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) {
      element.addEventListener(key.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? '' : String(value));
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Changes a text only where it differs, so that what a reader has selected stays selected. */
export function say(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** The element of that id, which is in the page. */
export function at(id) {
  return document.getElementById(id);
}
