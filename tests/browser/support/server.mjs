// bodega for a test: the real binary (BODEGA, else build/bodega) or, with BODEGA_BROWSER_SERVER=mock, the web app's mock.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const mocked = process.env.BODEGA_BROWSER_SERVER === 'mock';
// The front of the server, as in tests/e2e/front.py: direct, tls or nginx.
export const front = process.env.BODEGA_FRONT ?? 'direct';

const start_limit = 90_000; // milliseconds; a busy machine creates 100,000 entries slowly
const stop_limit = 15_000;

function free_port() {
    return new Promise((done) => {
        const probe = createServer().listen(0, '127.0.0.1', () => {
            const { port } = probe.address();
            probe.close(() => done(port));
        });
    });
}

function command(mock, port) {
    if (mock) return { file: process.execPath, args: [join(root, 'assets/dev/mock.mjs')], env: { PORT: String(port) } };
    const file = process.env.BODEGA || join(root, 'build/bodega');
    if (!existsSync(file)) throw new Error(`${file} is missing: build it, or set BODEGA_BROWSER_SERVER=mock`);
    return { file, args: ['serve'], env: { BODEGA_EDGE_LISTEN: `http://127.0.0.1:${port}` } };
}

// The server refuses BODEGA_ variables that are not settings, so the tests' own are removed.
const surroundings = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('BODEGA')));

// Makes the binary serve only over TLS, with a self-signed certificate.
function tls_settings(folder, port) {
    const [certificate, key] = ['site.pem', 'site.key'].map((name) => join(folder, name));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    return { BODEGA_EDGE_LISTEN: `https://127.0.0.1:${port}`, BODEGA_EDGE_TLS_CERTIFICATES: `${certificate} ${key}` };
}

// NGINX with the kit's file, in front of an app that listens on its own port. Returns the process at once.
async function start_nginx(file, folder, port, app_port) {
    const plain = `http://127.0.0.1:${await free_port()}`;
    const words = [join(root, 'tests/e2e/front.py'), resolve(file), folder, `https://127.0.0.1:${port}`, plain, String(app_port)];
    return spawn('python3', words, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
}

async function is_up(nginx, port) {
    for (let tries = 0; !(await listens(port)); ++tries) {
        if (nginx.exitCode !== null || tries > 600) throw new Error('NGINX did not come up');
        await new Promise((done) => setTimeout(done, 50));
    }
}

function listens(port) {
    return new Promise((done) => {
        const socket = connect(port, '127.0.0.1');
        socket.once('connect', () => done(true)).once('error', () => done(false));
        socket.once('connect', () => socket.destroy());
    });
}

// Starts it in a temporary folder; `more`: further variables; `secure`: over https. Returns {url, token, stop, folder, output}.
export async function start_server({ mock = mocked, more = {}, secure = front !== 'direct' && !mock } = {}) {
    const port = await free_port();
    const folder = mkdtempSync(join(tmpdir(), 'bodega-browser-'));
    const { file, args, env } = command(mock, port);
    const behind = !mock && front === 'nginx';
    const app_port = behind ? await free_port() : 0;
    if (behind) {
        args.push('--edge-listen=', '--app-listen', join(tmpdir(), `bodega-app-${app_port}.sock`));
        delete env.BODEGA_EDGE_LISTEN;
    } else if (secure) {
        Object.assign(env, tls_settings(folder, port));
    }
    const child = spawn(file, args, { cwd: folder, env: { ...surroundings(), ...env, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise((done) => child.once('exit', done));
    let output = '';
    const setup = new Promise((done) => {
        const read = (part) => {
            output += part;
            const found = /\/setup\S*token=([\w.~-]+)/.exec(output);
            if (found) done(found[1]);
        };
        child.stdout.on('data', read);
        child.stderr.on('data', read);
    });
    let nginx;
    const stop = async () => {
        for (const each of [nginx, child]) each?.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), stop_limit);
        await ended;
        if (nginx && nginx.exitCode === null) await new Promise((done) => nginx.once('exit', done));
        clearTimeout(timer);
        rmSync(folder, { recursive: true, force: true });
    };
    const late = new Promise((_, fail) => setTimeout(() => fail(new Error(`no set-up URL from ${file}:\n${output}`)), start_limit).unref());
    const died = ended.then(() => Promise.reject(new Error(`${file} ended:\n${output}`)));
    died.catch(() => undefined);
    try {
        const token = await Promise.race([setup, late, died]);
        if (behind) {
            nginx = await start_nginx(file, folder, port, app_port);
            await is_up(nginx, port);
        }
        return { url: `${secure ? 'https' : 'http'}://127.0.0.1:${port}`, token, stop, folder, output: () => output };
    } catch (error) {
        await stop();
        throw error;
    }
}
