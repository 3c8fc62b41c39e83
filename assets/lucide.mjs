// An esbuild plugin: `import folder from 'lucide:folder'` is that icon's shapes, [[tag, attributes]…],
// read from the lucide-static package, so that only the icons in use are shipped.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const shape = /<(path|circle|rect|line|polyline|polygon|ellipse)\b([^>]*?)\/>/g;
const attribute = /([\w-]+)="([^"]*)"/g;

export function lucide(root) {
    return {
        name: 'lucide',
        setup(build) {
            build.onResolve({ filter: /^lucide:/ }, (args) => ({
                path: args.path.slice('lucide:'.length),
                namespace: 'lucide',
            }));
            build.onLoad({ filter: /.*/, namespace: 'lucide' }, async (args) => {
                const svg = await readFile(join(root, 'node_modules/lucide-static/icons', `${args.path}.svg`), 'utf8');
                const shapes = [...svg.matchAll(shape)].map(([, tag, rest]) => [
                    tag,
                    Object.fromEntries([...rest.matchAll(attribute)].map(([, k, v]) => [k, v])),
                ]);
                return { contents: JSON.stringify(shapes), loader: 'json' };
            });
        },
    };
}
