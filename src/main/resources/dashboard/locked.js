// What is for those with the token, in place of what they would see.
import { el } from './elements.js';

export function locked(why) {
  return el('div', { class: 'locked' }, el('p', {}, el('strong', {}, 'For those with the token')),
    el('p', {}, `${why} So it takes the token that this host's administrator is given by`),
    el('p', {}, el('code', {}, 'tiny dashboard')), el('p', {}, 'Open the address that it prints.'));
}
