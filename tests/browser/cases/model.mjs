// Model test of uploads: random drops, pauses, reloads, rivals and cut connections in two tabs. In the end every file is on
// the server once, or was cancelled by the user, and no other user's file is lost.
//
//   BODEGA_MODEL_SECONDS=300   so long (else 12)          BODEGA_MODEL_SEED=7   the run that went wrong (else 1)
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { App } from '../support/app.mjs';
import { equal, truth, visit } from '../support/browser.mjs';
import { make_files } from '../support/files.mjs';
import { start_line } from '../support/line.mjs';
import { start_server } from '../support/server.mjs';
import { words } from '../support/words.mjs';

const seconds = Number(process.env.BODEGA_MODEL_SECONDS ?? 12);
const first_seed = Number(process.env.BODEGA_MODEL_SEED ?? 1);
const round = 20; // seconds of random acts before the comparison
const slow = 4 << 20; // bytes a second and tab
const most_open = 6; // concurrent uploads
const settles_within = 60_000;

export default async function run(counts) {
    const until = Date.now() + seconds * 1000;
    for (let seed = first_seed; seed === first_seed || Date.now() < until; seed++) {
        const failures = counts.failed;
        await counts.check(`uploads as a model, seed ${seed}`, () => play(seed, Math.min(round, seconds)));
        if (counts.failed > failures) break;
    }
}

// mulberry32
function dice(seed) {
    let state = seed >>> 0;
    const next = () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = state;
        t = Math.imul(t ^ (t >>> 15), t | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
    return { next, below: (n) => Math.floor(next() * n), one_of: (list) => list[Math.floor(next() * list.length)] };
}

async function play(seed, time) {
    const server = await start_server();
    const line = await start_line(server.url);
    const files = make_files();
    const visitor = await visit(line.url);
    const world = new World({ seed, server, line, files, ...visitor, t: await words('en') });
    try {
        await world.begin();
        const until = Date.now() + time * 1000;
        while (Date.now() < until) await world.act();
        await world.settle();
        await world.compare();
    } catch (error) {
        console.log(world.told.join('\n'));
        throw error;
    } finally {
        await visitor.close();
        await line.close();
        await server.stop();
        files.remove();
    }
}

class World {
    told = []; // the acts, to understand a failure
    sent = new Map(); // by name: the dropped files
    rivals = []; // SHA-256 of files by another user
    drops = 0;
    #began = Date.now();
    #networks = new WeakMap(); // one session for each page, with separate limits

    constructor(parts) {
        Object.assign(this, parts);
        this.random = dice(parts.seed);
    }

    tell(text) {
        this.told.push(`${((Date.now() - this.#began) / 1000).toFixed(1)} ${text}`);
    }

    async begin() {
        // Its browser dialog can't be answered here.
        await this.context.addInitScript(() => delete DataTransferItem.prototype.getAsFileSystemHandle);
        await this.page.goto(`/setup#token=${this.server.token}`);
        await new App(this.page, this.t).sign_in('ana');
        await this.page.locator('.items, .empty').first().waitFor();
        this.cookie = (await this.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
        this.root = (await this.api('GET', 'spaces')).items[0].root_id;
        this.tabs = [this.page, await this.open_tab()];
        await this.throttle(this.tabs[0], slow);
    }

    async open_tab() {
        const page = await this.context.newPage();
        page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined));
        page.setDefaultTimeout(20_000);
        await page.goto('/');
        await page.locator('.items, .empty').first().waitFor();
        await this.throttle(page, slow);
        return page;
    }

    async throttle(page, uploadThroughput) {
        const session = this.#networks.get(page) ?? (await this.context.newCDPSession(page));
        this.#networks.set(page, session);
        await session.send('Network.enable');
        await session.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
    }

    // Bypasses the line, as another client of the same user.
    async api(method, path, body, bytes) {
        const headers = { Cookie: this.cookie, Origin: this.server.url, ...(bytes ? {} : { 'Content-Type': 'application/json' }) };
        const answer = await fetch(`${this.server.url}/api/v1/${path}`, { method, headers: method === 'GET' ? { Cookie: this.cookie } : headers, body: bytes ?? (body && JSON.stringify(body)) });
        const text = await answer.text();
        truth(answer.ok || answer.status === 409, `${method} ${path}: ${answer.status} ${text}`);
        return text ? JSON.parse(text) : null;
    }

    // Rows of the tab's own uploads, as the user sees them.
    rows(tab) {
        return tab.evaluate((elsewhere) => [...document.querySelectorAll('.upload')].filter((row) => row.parentElement.ariaLabel !== elsewhere).map((row) => ({ name: row.querySelector('.name').title, state: row.className.replace('upload ', '') })), this.t('tray.other_tab'));
    }

    press(tab, label) {
        return tab.evaluate((wanted) => {
            const button = [...document.querySelectorAll('.tray button')].find((one) => one.getAttribute('aria-label') === wanted);
            button?.click();
            return Boolean(button);
        }, label);
    }

    // Presses the button of a random row in one of the states; the row's name, or null.
    async press_row(tab, states, key) {
        const some = (await this.rows(tab)).filter(({ state }) => states.includes(state));
        if (!some.length) return null;
        const { name } = this.random.one_of(some);
        return (await this.press(tab, this.t(key, { name }))) ? name : null;
    }

    async act() {
        await new Promise((done) => setTimeout(done, 30 + this.random.below(250)));
        const tab = this.random.one_of(this.tabs);
        if (await this.answer(tab)) return;
        const acts = [this.drop, this.drop, this.drop, this.drop_folder, this.pause, this.go_on, this.go_on, this.choose, this.choose, this.cancel, this.rival, this.rival, this.rename, this.cut, this.reload, this.reopen];
        const act = this.random.one_of(acts);
        const what = await act.call(this, tab);
        if (what) this.tell(`tab ${this.tabs.indexOf(tab)}: ${act.name} ${what === true ? '' : what}`);
    }

    // A dialog is answered now and then, and blocks its tab until then.
    async answer(tab) {
        const buttons = tab.locator('dialog[open] .dialog-foot button');
        if (!(await buttons.count())) return false;
        if (this.random.next() < 0.5) return true;
        const said = await tab.evaluate((roll) => {
            const dialog = [...document.querySelectorAll('dialog[open]')].at(-1);
            const choices = [...(dialog?.querySelectorAll('.dialog-foot button') ?? [])];
            const chosen = choices[Math.floor(roll * choices.length)];
            if (!chosen) return null;
            const asked = dialog.querySelector('p').textContent;
            chosen.click();
            return { asked, chose: chosen.textContent };
        }, this.random.next());
        if (!said) return true;
        this.tell(`tab ${this.tabs.indexOf(tab)}: asked ${said.asked} answers ${said.chose}`);
        if (said.chose !== this.t('conflict.skip')) return true;
        for (const file of this.sent.values()) if (said.asked.includes(`“${file.name}”`)) file.skipped = true;
        return true;
    }

    async open_files() {
        const [left, right] = await Promise.all(this.tabs.map((tab) => this.rows(tab)));
        return [...left, ...right].filter(({ state }) => !['done', 'skipped'].includes(state)).length;
    }

    make(name, folder = null) {
        const bytes = randomBytes(this.random.next() < 0.5 ? 1000 + this.random.below(50_000) : (9 << 20) + this.random.below(1 << 20));
        const path = this.files.put(folder ? `${folder.at}/${name}` : `drop${this.drops}/${name}`, bytes);
        const file = { name, path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), drop: this.drops, folder: folder?.name ?? null };
        this.sent.set(name, file);
        return file;
    }

    async drop(tab) {
        if ((await this.open_files()) >= most_open) return null;
        this.drops++;
        const some = Array.from({ length: 1 + this.random.below(2) }, (_, n) => this.make(`f${this.drops}-${n}.bin`));
        await this.let_go(tab, some);
        return some.map(({ name, size }) => `${name} (${size})`).join(' ');
    }

    async drop_folder(tab) {
        if ((await this.open_files()) >= most_open) return null;
        this.drops++;
        const name = this.random.one_of(['docs', 'plans']);
        const at = `drop${this.drops}/${name}`;
        const some = [0, 1, 2].map((n) => this.make(`d${this.drops}-${n}.bin`, { name, at }));
        await this.let_go(tab, some, [join(this.files.folder, at)]);
        return `${name}: ${some.map((file) => file.name).join(' ')}`;
    }

    async let_go(tab, some, paths = some.map(({ path }) => path)) {
        await tab.bringToFront();
        await new App(tab, this.t).drop(paths, tab.locator('.items, .empty').first());
        for (const until = Date.now() + 20_000; ; ) {
            const there = (await this.rows(tab)).map(({ name }) => name);
            if (some.every(({ name }) => there.includes(name))) return;
            // A dialog that opened just then was in the way, and accepted no drop.
            if (!some.some(({ name }) => there.includes(name)) && (await tab.locator('dialog[open]').count())) return some.forEach(({ name }) => this.sent.delete(name));
            truth(Date.now() < until, `dropped, and not in the tray: ${some.map(({ name }) => name)}`);
            await new Promise((done) => setTimeout(done, 50));
        }
    }

    async pause(tab) {
        return this.press_row(tab, ['sending', 'waiting'], 'upload.pause');
    }

    async go_on(tab) {
        return (await this.press_row(tab, ['paused'], 'upload.resume')) ?? this.press_row(tab, ['failed'], 'upload.retry');
    }

    async cancel(tab) {
        if (this.random.next() < 0.5) return null;
        const name = await this.press_row(tab, ['sending', 'waiting', 'paused', 'failed', 'fileless'], 'upload.cancel');
        if (name) this.sent.get(name).cancelled = true;
        return name;
    }

    async choose(tab) {
        const [row] = (await this.rows(tab)).filter(({ state }) => state === 'fileless');
        if (!row) return null;
        const [chooser] = await Promise.all([tab.waitForEvent('filechooser', { timeout: 3000 }).catch(() => null), this.press(tab, this.t('upload.choose', { name: row.name }))]);
        if (!chooser) return this.tell(`no chooser for ${row.name}`);
        await chooser.setFiles(this.sent.get(row.name).path);
        return row.name;
    }

    // Another user takes the name of a file during its upload.
    async rival() {
        const under_way = (await this.api('GET', 'uploads')).items;
        const one = under_way.length ? this.random.one_of(under_way) : null;
        if (!one) return null;
        const bytes = randomBytes(100);
        await this.api('PUT', `entries/${one.parent_id}/files/${one.filename}`, null, bytes);
        this.rivals.push(createHash('sha256').update(bytes).digest('hex'));
        return one.filename;
    }

    async rename() {
        const folders = (await this.children(this.root)).filter(({ kind, name }) => kind === 'folder' && ['docs', 'plans'].includes(name));
        if (!folders.length) return null;
        const { id, name } = this.random.one_of(folders);
        await this.api('PATCH', `entries/${id}`, { name: `${name} of ${Date.now()}` });
        return name;
    }

    async cut() {
        this.line.cut();
        await new Promise((done) => setTimeout(done, 100 + this.random.below(900)));
        this.line.mend();
        return true;
    }

    async reload(tab) {
        if (this.random.next() < 0.3) return null;
        await tab.reload();
        await tab.locator('.items, .empty').first().waitFor();
        return true;
    }

    // One tab is closed and another opened, which takes over the first one's uploads.
    async reopen(tab) {
        if (this.random.next() < 0.7 || tab === this.page) return null;
        const at = this.tabs.indexOf(tab);
        await tab.close({ runBeforeUnload: false });
        this.tabs[at] = await this.open_tab();
        return true;
    }

    // All uploads that can continue do, and every dialog is answered.
    async settle() {
        this.tell('settles');
        this.line.mend();
        for (const tab of this.tabs) {
            await this.throttle(tab, -1);
            await tab.evaluate(() => window.dispatchEvent(new Event('online')));
        }
        const until = Date.now() + settles_within;
        for (let quiet = 0; quiet < 4; ) {
            truth(Date.now() < until, `not settled: ${JSON.stringify(await Promise.all(this.tabs.map((tab) => this.rows(tab))))}`);
            await new Promise((done) => setTimeout(done, 300));
            let busy = false;
            for (const tab of this.tabs) {
                if (await this.answer(tab)) busy = true;
                else if ((await this.choose(tab)) || (await this.go_on(tab))) busy = true;
            }
            quiet = busy || (await this.open_files()) > 0 ? 0 : quiet + 1;
        }
    }

    async children(id) {
        return (await this.api('GET', `entries/${id}/children?limit=1000`)).items;
    }

    // SHA-256 → where it is: current contents and older versions.
    async contents() {
        const found = new Map();
        const note = (sha256, place) => found.set(sha256, [...(found.get(sha256) ?? []), place]);
        const folders = [this.root];
        for (let id = folders.pop(); id; id = folders.pop()) {
            for (const entry of await this.children(id)) {
                if (entry.kind === 'folder') folders.push(entry.id);
                else if (entry.version === 1) note(entry.sha256, { ...entry, current: true });
                else for (const version of (await this.api('GET', `entries/${entry.id}/versions`)).items) note(version.sha256, { ...entry, current: version.version === entry.version });
            }
        }
        return found;
    }

    async compare() {
        const found = await this.contents();
        equal((await this.api('GET', 'uploads')).items.map(({ filename, offset }) => `${filename} ${offset}`), [], 'uploads that the server still has');
        const wrong = [];
        const parents = new Map(); // by drop
        for (const file of this.sent.values()) {
            const places = found.get(file.sha256) ?? [];
            found.delete(file.sha256);
            if (places.length > 1) wrong.push(`${file.name} is there ${places.length} times`);
            if (!places.length && !file.cancelled && !file.skipped) wrong.push(`${file.name} is lost`);
            for (const { name, parent_id } of places) {
                if (!name.startsWith(file.name.replace('.bin', ''))) wrong.push(`${file.name} is ${name}`);
                if (!file.folder && parent_id !== this.root) wrong.push(`${file.name} is in a folder`);
                if (file.folder && (parents.get(file.drop) ?? parent_id) !== parent_id) wrong.push(`${file.name} is not beside the others of its folder`);
                if (file.folder) parents.set(file.drop, parent_id);
            }
        }
        for (const sha256 of this.rivals) {
            if ((found.get(sha256) ?? []).length !== 1) wrong.push(`what somebody else put is there ${(found.get(sha256) ?? []).length} times`);
            found.delete(sha256);
        }
        for (const places of found.values()) wrong.push(`nobody put ${places.map(({ name }) => name)}`);
        equal(wrong, [], `seed ${this.seed}, ${this.sent.size} files`);
        equal(this.faults, [], 'faults of the page');
    }
}
