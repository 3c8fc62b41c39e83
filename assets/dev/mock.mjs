// bodega's API in memory, to build and test the web app without the server.
//
//   node dev/mock.mjs            PORT=8081, an empty bodega; prints the set-up URL
//   MOCK_SEED=demo node dev/mock.mjs   ana / correct horse battery, and files to look at
//
// MOCK_DELAY=ms slows each answer, MOCK_UPLOAD_RATE=bytes a second slows uploads; POST /mock {down: true} answers 503
// until told otherwise.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Catalog } from './catalog.mjs';
import { Problem } from './problem.mjs';
import { routes } from './routes.mjs';
import { seed } from './seed.mjs';
import { Uploads } from './uploads.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const web = resolve(here, '..', process.env.BODEGA_WEB_OUT || '../build/web');
const policy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
const types = {
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.svg': 'image/svg+xml',
    '.webmanifest': 'application/manifest+json',
    '.png': 'image/png',
    '.map': 'application/json',
};

const catalog = new Catalog();
const uploads = new Uploads(catalog);
const state = {
    sessions: new Map(),
    tokens: [],
    token: 'mock-set-up-token',
    down: false,
    delay: Number(process.env.MOCK_DELAY || 0),
};
if (process.env.MOCK_SEED === 'demo') seed(catalog);

const table = routes(catalog, uploads, state).map(([method, path, answer, open]) => ({
    method,
    answer,
    open,
    pattern: new RegExp('^' + path.replaceAll(':id', '(?<id>[^/]+)').replaceAll(':other', '(?<other>[^/]+)') + '$'),
}));

async function whole(request) {
    const parts = [];
    for await (const part of request) parts.push(part);
    return Buffer.concat(parts);
}

function sessionOf(request) {
    const secret = /(?:^|; )bodega=([0-9a-f]+)/.exec(request.headers.cookie ?? '')?.[1];
    const session = state.sessions.get(secret);
    if (!session || session.user.disabled) throw new Problem('unauthenticated', 'Sign in first.');
    session.seen = Date.now();
    return session;
}

async function api(request, url) {
    const path = url.pathname.slice('/api/v1/'.length);
    if (state.down) throw new Problem('unavailable', 'The database is away.');
    const tus = /^uploads(?:\/([^/]+))?$/.exec(path);
    if (tus && !(request.method === 'GET' && !tus[1]))
        return uploads.handle(request.method, tus[1], request, sessionOf(request).user);
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    for (const route of table) {
        const match = route.method === method && route.pattern.exec(path);
        if (!match) continue;
        const session = route.open ? null : sessionOf(request);
        const bytes = await whole(request);
        const json = /json/.test(request.headers['content-type'] ?? '') && bytes.length ? JSON.parse(bytes) : {};
        return route.answer({
            request,
            query: url.searchParams,
            session,
            user: session?.user,
            bytes,
            body: json,
            id: match.groups?.id,
            other: match.groups?.other && decodeURIComponent(match.groups.other),
        });
    }
    throw new Problem('not_found', 'There is no such call.');
}

function send(request, response, answer) {
    const headers = { 'Cache-Control': 'no-store', ...answer.headers };
    let body = answer.bytes ?? Buffer.alloc(0),
        status = answer.status;
    if (answer.json !== undefined) {
        body = Buffer.from(JSON.stringify(answer.json));
        headers['Content-Type'] ??= 'application/json';
    }
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    if (answer.bytes && range) {
        const first = Number(range[1]),
            last = Math.min(body.length - 1, range[2] ? Number(range[2]) : Infinity);
        headers['Content-Range'] = `bytes ${first}-${last}/${body.length}`;
        body = body.subarray(first, last + 1);
        status = 206;
    }
    response.writeHead(status, {
        ...headers,
        ...(status === 204 || status === 304 ? {} : { 'Content-Length': body.length }),
    });
    response.end(request.method === 'HEAD' || status === 204 || status === 304 ? undefined : body);
}

async function staticFile(url, response) {
    const known = extname(url.pathname) && (await stat(join(web, url.pathname)).catch(() => null));
    const path = known ? join(web, url.pathname) : join(web, 'index.html');
    if (!known && url.pathname.startsWith('/assets/')) return response.writeHead(404).end();
    response.writeHead(200, {
        'Content-Type': types[extname(path)] ?? 'application/octet-stream',
        'Content-Security-Policy': policy,
        'X-Content-Type-Options': 'nosniff',
        'Cache-Control': 'no-cache',
    });
    createReadStream(path).pipe(response);
}

const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://mock');
    try {
        if (url.pathname === '/mock')
            return (Object.assign(state, JSON.parse(await whole(request))), response.writeHead(204).end());
        if (!url.pathname.startsWith('/api/')) return await staticFile(url, response);
        if (state.delay) await new Promise((resolveDelay) => setTimeout(resolveDelay, state.delay));
        send(request, response, await api(request, url));
    } catch (error) {
        const problem =
            error instanceof Problem ? error : (console.error(error), new Problem('internal', String(error)));
        if (response.headersSent) return response.end();
        send(request, response, {
            status: problem.status,
            json: problem.body(),
            headers: {
                'Content-Type': 'application/problem+json',
                ...(problem.status === 503 ? { 'Retry-After': '1' } : {}),
            },
        });
    }
});
server.listen(Number(process.env.PORT || 8081), '127.0.0.1', () => {
    console.log(`http://127.0.0.1:${server.address().port}/setup#token=${state.token}`);
});
process.on('SIGTERM', () => process.exit(0));
