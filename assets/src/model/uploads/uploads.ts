// The app's uploads: the queue wired to tus, to the records that survive a reload and to the folders on screen.
import { signal } from '@preact/signals';
import { open_entry, uploads_there, type UploadThere } from '../../api/entries';
import { fresh_key } from '../../api/call';
import { t } from '../../i18n/language';
import { choose_for_taken } from '../../components/name-conflict';
import { is_refusal } from '../../api/error';
import { explain } from '../error-text';
import { entry_arrived, folder_changed, folders_in_memory } from '../folders';
import { me, on_other_person } from '../session';
import { load_spaces, spaces_changed } from '../spaces';
import { complain } from '../toasts';
import type { Target } from '../actions';
import { file_behind, has_picker, pick_files, type Drop, type Found } from './drop';
import { Item, LeftOut, unfinished, type Saved } from './item';
import { Pace } from './throughput';
import { hold_tab, open_tabs, this_tab } from './presence';
import { Queue } from './queue';
import { all_records, claim_records, forget_records, forget_user, keep_records } from './records';
import { discard_upload, discarded, send_file } from './send';
import { folder_for, forget_folder, know_folder, type Listener, type Place } from './tree';

export const tray_open = signal(true);
export const reading = signal<number | null>(null); // files met while a dropped folder is read
const pace = new Pace();

export const queue = new Queue({
    send(item, done, failed) {
        return send_file(item, item.file, {
            parent: parent_of(item),
            stands: (url, whole) => {
                item.begun = false;
                if (url === item.saved.url && whole === item.saved.whole) return;
                Object.assign(item.saved, { url, whole });
                keep_records([item.saved]);
            },
            progress: (sent) => {
                moved(item, sent);
                queue.count();
            },
            held: (by) => {
                item.hold.value = by;
                queue.count();
            },
            done,
            failed: (reason) => {
                if (is_refusal(reason, 'not_found')) forget_parent(item);
                failed(reason);
                if (is_refusal(reason, 'unauthenticated', 'wrong_account')) void load_spaces().catch(() => undefined); // leads to the sign-in page
            },
        });
    },
    discard: discard_upload,
    keep: (items) => keep_records(items.map((item) => item.saved)),
    forget: forget_records,
    arrived: (item, entry_id) => {
        spaces_changed();
        if (item.saved.parent) show_arrival(item.saved.parent, entry_id);
    },
    ask: async (item, others, taken) => {
        const { name, size, modified } = item.saved;
        const theirs = taken.existing_id ? await open_entry(taken.existing_id).catch(() => null) : null;
        return choose_for_taken({ name, folder: folder_name(item.saved), ours: { kind: 'file', size, modified_at: modified }, theirs, replace: theirs?.kind !== 'folder', others: others > 0 });
    },
});

export const folder_name = ({ folders, root_name }: Pick<Saved, 'folders' | 'root_name'>): string => folders.at(-1) ?? root_name;

const folders_of: Listener = {
    arrived: entry_arrived,
    ask: async ({ folders, root_name }, file) => {
        const name = folders.at(-1)!;
        const { choice } = await choose_for_taken({ name, folder: folders.at(-2) ?? root_name, ours: { kind: 'folder' }, theirs: file, replace: false, others: false });
        return choice === 'keep' ? 'keep' : 'skip';
    },
};

async function parent_of(item: Item): Promise<string> {
    const { saved } = item;
    if (saved.parent) return saved.parent;
    saved.parent = await folder_for(saved, folders_of);
    keep_records([saved]);
    return saved.parent;
}

function forget_parent(item: Item): void {
    item.saved.parent = null;
    forget_folder(item.saved);
}

// A few arrivals are put into the open listing one by one; many are fetched with the listing.
let arrivals: { folder: string; entry: string | null }[] = [];

function show_arrival(folder: string, entry: string | null): void {
    if (!folders_in_memory(folder).length) return;
    arrivals.push({ folder, entry });
    if (arrivals.length === 1) setTimeout(flush_arrivals, 300);
}

function flush_arrivals(): void {
    const some = arrivals;
    arrivals = [];
    if (some.length <= 3 && some.every(({ entry }) => entry)) {
        for (const { entry } of some) open_entry(entry!).then(entry_arrived, () => undefined);
    } else {
        for (const folder of new Set(some.map((arrival) => arrival.folder))) folder_changed(folder);
    }
}

function moved(item: Item, sent: number): void {
    if (sent === item.sent.peek()) return;
    item.sent.value = sent;
    item.hold.value = null;
    item.moved_at = Date.now();
}

const still = 10_000; // milliseconds without a byte: the connection hangs, though nobody says so

function notice_hanging(): void {
    for (const item of queue.items.peek()) {
        const hangs = item.state.peek() === 'sending' && item.moved_at > 0 && item.sent.peek() < item.saved.size && Date.now() - item.moved_at > still;
        if (hangs && !item.hold.peek()) {
            item.hold.value = 'connection';
            queue.count();
        }
    }
}

function saved_for(found: Found, to: Target, batch: string): Saved {
    const { file, folders, handle } = found;
    return {
        key: fresh_key(), tab: this_tab, user: me.peek()!.id, name: file.name, folders, root: to.id, root_name: to.name,
        size: file.size, modified: file.lastModified, batch, conflict: 'fail', parent: null, url: null, whole: false, handle,
    };
}

// Starts uploading; files that an earlier page left unfinished go on where they stood.
export function upload(drop: Drop, to: Target): void {
    const batch = fresh_key();
    tray_open.value = true;
    const waiting = queue.items.peek().filter((item) => item.state.peek() === 'fileless');
    const fresh: Item[] = [];
    for (const found of drop.files) {
        const left = waiting.find((item) => item.state.peek() === 'fileless' && item.is_for(found.file, found.folders, to.id));
        if (left) queue.give(left, found.file);
        else fresh.push(new Item(saved_for(found, to, batch), found.file));
    }
    if (fresh.length) queue.add(fresh);
    for (const folders of drop.folders) make_dropped({ batch, root: to.id, root_name: to.name, folders });
    tell_unreadable(drop.unreadable);
}

function make_dropped(place: Place): void {
    const [name, above] = [place.folders.at(-1)!, place.folders.at(-2) ?? place.root_name];
    folder_for(place, folders_of).catch((error: unknown) => error instanceof LeftOut || complain(explain(error, { name_taken: t('error.name_taken_in', { name, folder: above }) })));
}

function tell_unreadable(paths: readonly string[]): void {
    if (paths.length) complain(t('upload.unreadable', { n: paths.length, names: list_of(paths) }));
}

const list_of = (names: readonly string[]): string => names.slice(0, 3).map((name) => `“${name}”`).join(', ') + (names.length > 3 ? ', …' : '');

// Dropped on the tray, or chosen for one row: whatever folder they were meant for.
export function give_again(files: readonly File[], only: Item | null = null): void {
    let used = 0;
    for (const file of files) {
        const item = queue.items.peek().find((other) => other.state.peek() === 'fileless' && (!only || only === other) && other.is_for(file, [], null));
        if (!item) continue;
        queue.give(item, file);
        used++;
    }
    if (!used) complain(t('upload.another_file', { name: only?.saved.name ?? files[0]?.name ?? '' }));
}

// With a kept handle the browser can open the file itself; true if that worked.
export async function reopen(item: Item, ask: boolean): Promise<boolean> {
    const file = item.saved.handle && (await file_behind(item.saved.handle, ask));
    if (!file || !item.is_for(file, [], null)) return false;
    queue.give(item, file);
    return true;
}

export async function choose_and_upload(to: Target, fallback: () => void): Promise<void> {
    if (!has_picker()) return fallback();
    const drop = await pick_files();
    if (drop) upload(drop, to);
}

// What stopped for want of a session or of a network goes on when it is back.
function go_on_after(code: string): void {
    for (const item of queue.items.peek()) if (item.state.peek() === 'failed' && is_refusal(item.reason.peek(), code)) queue.go_on(item);
}

export function watch_network(): void {
    hold_tab();
    on_other_person(() => queue.drop(() => true));
    window.addEventListener('online', () => {
        go_on_after('unreachable');
        for (const item of queue.items.peek()) {
            if (!item.hold.peek()) continue;
            queue.pause(item); // its next try may be a minute away
            queue.go_on(item);
        }
    });
}

// How much of each the server has: told before the file is chosen again. What it has whole needs no file.
async function recall_offsets(records: readonly Saved[]): Promise<Map<Saved, number>> {
    const offsets = new Map<Saved, number>();
    const there = await uploads_there().catch(() => []);
    const by_id = new Map(there.map((one) => [one.id, one]));
    for (const record of records) {
        const same = (one: UploadThere): boolean => one.parent_id === record.parent && one.filename === record.name.normalize('NFC') && one.size === record.size;
        const found = record.url ? by_id.get(record.url.split('/').at(-1)!) : there.find(same);
        record.whole = Boolean(record.url && found?.whole);
        offsets.set(record, found?.offset ?? 0);
    }
    return offsets;
}

// A page that closes is seen as open for a moment.
const look_again = [1_000, 5_000, 80_000];

// After sign-in: what this person's earlier page did not finish; what another person left in memory goes.
export async function recall_uploads(tries = 0): Promise<void> {
    const user = me.peek()?.id;
    queue.drop((item) => item.saved.user !== user);
    if (!tries) go_on_after('unauthenticated');
    const [records, tabs] = await Promise.all([all_records(), open_tabs()]);
    const others = records.filter((record) => record.user === user && record.tab !== this_tab);
    const lost = await claim_records(others.filter((record) => !tabs.has(record.tab)), this_tab);
    if (lost.length < others.length && tries < look_again.length) setTimeout(() => user === me.peek()?.id && void recall_uploads(tries + 1), look_again[tries]);
    if (!lost.length) return;
    for (const record of lost) if (record.parent) know_folder(record, record.parent);
    const offsets = await recall_offsets(lost);
    const items = lost.map((record) => new Item(record, null));
    for (const item of items) item.sent.value = offsets.get(item.saved) ?? 0;
    queue.add(items);
    keep_records(lost);
    for (const item of items) if (item.saved.handle && !item.is_ready) void reopen(item, false);
}

// Of all the pages that this person has open, and of those that are gone.
export async function unfinished_uploads(user: string): Promise<number> {
    const kept = (await all_records()).filter((record) => record.user === user).length;
    return Math.max(kept, queue.items.peek().filter((item) => unfinished.includes(item.state.peek())).length);
}

// Gives up what is not finished, and takes the names of its files out of the browser's database.
export async function forget_uploads(user: string): Promise<void> {
    queue.cancel_all();
    queue.drop(() => true);
    await discarded();
    await forget_user(user);
}

export const busy = (): boolean => queue.items.peek().some((item) => unfinished.includes(item.state.peek()) && item.state.peek() !== 'fileless' && item.state.peek() !== 'failed');

// Speed and time left, for the tray.
export function pace_now(): { speed: number | null; left: number | null } {
    notice_hanging();
    const { sent, size, counts, held } = queue.totals.peek();
    if (counts.sending <= held) pace.reset();
    else pace.sample(sent, Date.now());
    return { speed: pace.speed, left: pace.seconds_left(size - sent) };
}

export function guard_leaving(): void {
    window.addEventListener('beforeunload', (event) => {
        if (busy()) event.preventDefault();
    });
}
