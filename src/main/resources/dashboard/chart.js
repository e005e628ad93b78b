// Curves of the last two minutes, however often the page asks. Their box has no unit of its own: a curve is stretched to where
// it stands.
import { draw } from './elements.js';
import { SPAN } from './figures.js';

const WIDTH = 240;

/**
 * A curve with its area; set() draws it anew, and returns what its upper edge stands for.
 * @param kinds what of a moment each line shows, which is its class too
 * @param label for who cannot see it; empty where a text beside it says the same
 */
export function curve(height, kinds, label) {
  const areas = kinds.map((kind) => draw('path', { class: `area ${kind}` }));
  const lines = kinds.map((kind) => draw('path', { class: `line ${kind}` }));
  const limit = draw('path', { class: 'limit' });
  const image = draw('svg', { class: 'curve', viewBox: `0 0 ${WIDTH} ${height}`, preserveAspectRatio: 'none',
    role: label === '' ? null : 'img', 'aria-label': label === '' ? null : label, 'aria-hidden': label === '' ? 'true' : null },
  areas, limit, lines);
  return {
    image,
    /** @param moments the latest, which is at the right edge, last; @param least how much the whole height is at least */
    set(moments, least, most = null) {
      const now = moments.at(-1)?.at;
      const top = Math.max(least, most ?? 0, ...moments.flatMap((moment) => kinds.map((kind) => moment[kind]))) * 1.08;
      kinds.forEach((kind, i) => {
        const points = moments.map((moment) => [
          WIDTH - (now - moment.at) * WIDTH / SPAN, height - 1 - moment[kind] / top * (height - 2)]);
        const path = points.map(([x, y], place) => `${place === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
        lines[i].setAttribute('d', points.length > 1 ? path : '');
        areas[i].setAttribute('d', points.length > 1
          ? `${path}V${height}H${points[0][0].toFixed(1)}Z` : '');
      });
      const y = most === null ? 0 : height - 1 - most / top * (height - 2);
      limit.setAttribute('d', most === null ? '' : `M0 ${y.toFixed(1)}H${WIDTH}`);
      return top;
    },
  };
}
