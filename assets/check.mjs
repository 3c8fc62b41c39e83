// Cheap checks of the sources that the compiler doesn't make: sizes, names, what a strict CSP refuses.
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const vague = /(^|[_\-/])(utils?|helpers?|manager|common|misc)([_\-.]|$)/;
const refused = [
    [/\beval\(|new Function\(/, 'eval'],
    [/dangerouslySetInnerHTML|\.innerHTML\b/, 'raw HTML'],
    [/\bstyle="/, 'a style attribute as text'],
];

const files = (await readdir(root, { recursive: true })).filter(
    (name) => /\.(tsx?|mjs|css)$/.test(name) && !name.includes('node_modules'),
);
const broken = [];
for (const name of files) {
    const text = await readFile(join(root, name), 'utf8');
    const lines = text.split('\n').length;
    if (lines > 500) broken.push(`${name}: ${lines} lines`);
    if (vague.test(name)) broken.push(`${name}: a vague name`);
    if (name.startsWith('src'))
        for (const [pattern, what] of refused) if (pattern.test(text)) broken.push(`${name}: ${what}`);
}
for (const row of broken) console.log(row);
console.log(`${files.length} files looked at, ${broken.length} broken (${relative(process.cwd(), root) || '.'})`);
process.exit(broken.length ? 1 : 0);
