// Builds the web app: typed sources and styles in, hashed files out, nothing inline (the pages' CSP is strict).
//
//   node build.mjs            → ../build/web (or BODEGA_WEB_OUT): index.html, favicon.svg, …, assets/
//   node build.mjs --watch    → the same, again at each change
//   node build.mjs --tests    → ../build/web-tests: each unit test as one module for node's test runner
import { build, context } from 'esbuild';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { lucide } from './lucide.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(here, process.env.BODEGA_WEB_OUT || '../build/web');
const base = '/'; // the path that the app is served below
const watch = process.argv.includes('--watch');

const shared = {
    bundle: true,
    format: 'esm',
    target: ['es2022', 'chrome109', 'firefox115', 'safari16'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    plugins: [lucide(here)],
    logLevel: 'warning',
};

const app = {
    ...shared,
    entryPoints: { app: join(here, 'src/main.tsx') },
    outdir: join(out, 'assets'),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    splitting: true,
    minify: !watch,
    metafile: true,
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
};

// index.html names the hashed files; the favicon and the manifest keep their names, since browsers ask for them.
async function writePages(metafile) {
    const outputs = Object.entries(metafile.outputs);
    const [script, made] = outputs.find(([, o]) => o.entryPoint?.endsWith('src/main.tsx'));
    const url = (path) => `${base}assets/${relative(join(out, 'assets'), resolve(path))}`;
    const template = await readFile(join(here, 'src/index.html'), 'utf8');
    await cp(join(here, 'public'), out, { recursive: true });
    await writeFile(
        join(out, 'index.html'),
        template
            .replaceAll('{script}', url(script))
            .replaceAll('{style}', url(made.cssBundle))
            .replaceAll('{base}', base),
    );
    return outputs;
}

async function report(outputs) {
    for (const [path] of outputs) {
        const bytes = await readFile(path);
        const packed = gzipSync(bytes, { level: 9 }).length;
        console.log(
            `${relative(out, resolve(path)).padEnd(32)} ${String(bytes.length).padStart(8)} bytes ${String(packed).padStart(7)} gzip`,
        );
    }
}

async function buildApp() {
    await rm(out, { recursive: true, force: true });
    await mkdir(out, { recursive: true });
    const result = await build(app);
    await report(await writePages(result.metafile));
}

async function watchApp() {
    await mkdir(out, { recursive: true });
    const pages = {
        name: 'pages',
        setup: (b) =>
            b.onEnd((r) => (r.errors.length ? undefined : writePages(r.metafile).then(() => console.log('built')))),
    };
    const running = await context({ ...app, sourcemap: true, plugins: [...app.plugins, pages] });
    await running.watch();
}

async function buildTests() {
    const folder = resolve(here, '../build/web-tests');
    await rm(folder, { recursive: true, force: true });
    const names = (await readdir(join(here, 'tests'), { recursive: true })).filter((name) => name.endsWith('.test.ts'));
    await build({
        ...shared,
        platform: 'node',
        alias: { 'tus-js-client': join(here, 'node_modules/tus-js-client/lib.esm/browser/index.js') }, // as in the app
        target: 'node20',
        entryPoints: names.map((name) => join(here, 'tests', name)),
        outdir: folder,
        outbase: join(here, 'tests'),
        outExtension: { '.js': '.mjs' },
        sourcemap: 'inline',
        packages: 'bundle',
    });
}

await (process.argv.includes('--tests') ? buildTests() : watch ? watchApp() : buildApp());
