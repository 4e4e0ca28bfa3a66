// node build-icons.mjs OUT_FILE NAME…   (run where node_modules holds @tabler/icons)
// Gathers outline icons in one sprite: <symbol id="NAME">, stroke and size left to the style sheet.
import { readFileSync, writeFileSync } from 'node:fs';

const [out, ...names] = process.argv.slice(2);
const symbols = names.map((name) => {
  const svg = readFileSync(`node_modules/@tabler/icons/icons/outline/${name}.svg`, 'utf8');
  const shapes = [...svg.matchAll(/<(?:path|circle|rect|line)[^>]*\/>/g)].map(([shape]) => shape.replace(/\s+/g, ' '));
  const drawn = shapes.filter((shape) => !shape.includes('M0 0h24v24H0z'));
  return `<symbol id="${name}" viewBox="0 0 24 24">${drawn.join('')}</symbol>`;
});
writeFileSync(out, `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`);
