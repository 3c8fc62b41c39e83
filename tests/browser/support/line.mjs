// A line between the browser and a server that a test can cut, freeze and restore.
import { connect, createServer } from 'node:net';

// Returns {url, cut, freeze, mend, close}.
export async function start_line(to) {
    const target = new URL(to);
    const pairs = new Set();
    let broken = false;
    const server = createServer((near) => {
        if (broken) return near.destroy();
        const far = connect(Number(target.port), target.hostname);
        const pair = [near, far];
        pairs.add(pair);
        for (const end of pair) end.on('error', () => undefined).on('close', () => (pairs.delete(pair), near.destroy(), far.destroy()));
        near.pipe(far);
        far.pipe(near);
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const cut = () => {
        broken = true;
        for (const pair of pairs) for (const end of pair) end.destroy();
    };
    const freeze = () => pairs.forEach(([near, far]) => (near.unpipe(far), near.pause(), far.unpipe(near), far.pause()));
    const close = () => new Promise((done) => (cut(), server.close(done)));
    return { url: `http://127.0.0.1:${server.address().port}`, cut, freeze, mend: () => (broken = false), close };
}
