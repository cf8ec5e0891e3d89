// Weighs what the browser fetches; a build over its budget fails.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const kib = 1024;
const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => ({
    name: entry.name,
    bytes: readFileSync(`${entry.parentPath ?? entry.path}/${entry.name}`),
  }));

const weigh = (pattern, zipped) =>
  files
    .filter(({ name }) => pattern.test(name))
    .reduce((sum, { bytes }) => sum + (zipped ? gzipSync(bytes).length : bytes.length), 0);

const budgets = [
  ['JS and CSS, gzipped, all pages', weigh(/\.(js|css)$/, true), 200],
  ['JS and CSS, gzipped, without map and chart', weigh(/^index.*\.(js|css)$/, true), 80],
  ['fonts', weigh(/\.woff2$/, false), 70],
  ['basemap, gzipped', weigh(/^gia-lai\.json$/, true), 150],
];

let over = 0;
for (const [name, bytes, limit] of budgets) {
  const fits = bytes <= limit * kib;
  if (!fits) over++;
  console.log(`${fits ? 'ok  ' : 'OVER'} ${name}: ${(bytes / kib).toFixed(1)} of ${limit} KiB`);
}
const inline = /<script(?![^>]*\bsrc=)|<style|\bstyle=/i.test(readFileSync(`${dist}index.html`, 'utf8'));
if (inline)
  console.log('OVER index.html has inline script or style, which the content security policy forbids');
process.exitCode = over > 0 || inline ? 1 : 0;
