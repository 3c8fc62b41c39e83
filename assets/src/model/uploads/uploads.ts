// The app's uploads: the queue wired to tus, to the records that survive a reload and to the folders on screen.
import { signal } from '@preact/signals';
import { open_entry, uploads_there } from '../../api/entries';
import { t } from '../../i18n/language';
import { choose_for_taken } from '../../parts/taken';
import { is_refusal } from '../../api/refusal';
import { explain } from '../explain';
import { entry_arrived, folder_changed, folders_in_memory } from '../folders';
import { me, on_other_person } from '../session';
import { load_spaces, spaces_changed } from '../spaces';
import { complain } from '../toasts';
import type { Target } from '../acts';
import { file_behind, has_picker, pick_files, type Drop, type Found } from './drop';
import { Item, unfinished, type Saved } from './item';
import { Pace } from './pace';
import { Queue } from './queue';
import { all_records, forget_records, forget_user, hold_tab, keep_records, open_tabs, this_tab } from './records';
import { discard_upload, discarded, send_file } from './send';
import { folder_for } from './tree';

export const tray_open = signal(true);
export const reading = signal<number | null>(null); // files met while a dropped folder is read
const pace = new Pace();

export const queue = new Queue({
    send(item, done, failed) {
        const parent = folder_for(item.saved.root, item.saved.folders, entry_arrived);
        parent.then((id) => (item.parent = id), () => undefined);
        return send_file(item, item.file!, {
            parent,
            created: (url) => {
                item.saved.url = url;
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
                failed(reason);
                if (is_refusal(reason, 'unauthenticated')) void load_spaces().catch(() => undefined); // leads to the sign-in page
            },
        });
    },
    discard: (item) => item.saved.url && discard_upload(item.saved.url),
    keep: (items) => keep_records(items.map((item) => item.saved)),
    forget: forget_records,
    arrived: (item, entry_id) => {
        spaces_changed();
        if (item.parent) show_arrival(item.parent, entry_id);
    },
    ask: (item, others) => choose_for_taken({ name: item.saved.name, folder: item.saved.folders.at(-1) ?? item.saved.root_name, replace: true, others: others > 0 }),
});

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

let made = 0;
const new_key = (): string => `${Date.now().toString(36)}-${(made++).toString(36)}-${Math.random().toString(36).slice(2, 8)}`;

function saved_for(found: Found, to: Target, batch: string): Saved {
    const { file, folders, handle } = found;
    return {
        key: new_key(), tab: this_tab, user: me.peek()!.id, name: file.name, folders, root: to.id, root_name: to.name,
        size: file.size, modified: file.lastModified, batch, conflict: 'fail', url: null, handle,
    };
}

// Starts uploading; files that an earlier page left unfinished go on where they stood.
export function upload(drop: Drop, to: Target): void {
    const batch = new_key();
    tray_open.value = true;
    const waiting = queue.items.peek().filter((item) => item.state.peek() === 'fileless');
    const fresh: Item[] = [];
    for (const found of drop.files) {
        const left = waiting.find((item) => item.state.peek() === 'fileless' && item.is_for(found.file, found.folders, to.id));
        if (left) queue.give(left, found.file);
        else fresh.push(new Item(saved_for(found, to, batch), found.file));
    }
    if (fresh.length) queue.add(fresh);
    for (const path of drop.folders) {
        folder_for(to.id, path, entry_arrived).catch((error: unknown) => complain(explain(error, { name_taken: t('error.name_taken_in', { name: path.at(-1)!, folder: path.at(-2) ?? to.name }) })));
    }
}

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
    if (drop?.files.length) upload(drop, to);
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

// How much of each the server has: told before the file is chosen again.
async function recall_offsets(items: readonly Item[]): Promise<void> {
    const there = await uploads_there().catch(() => []);
    const offsets = new Map(there.map(({ id, offset }) => [id, offset]));
    for (const item of items) {
        const id = item.saved.url?.split('/').at(-1) ?? '';
        if (item.state.peek() === 'fileless') item.sent.value = offsets.get(id) ?? 0;
    }
    queue.count();
}

// After sign-in: what this person's earlier page did not finish; what another person left in memory goes.
export async function recall_uploads(): Promise<void> {
    const user = me.peek()?.id;
    queue.drop((item) => item.saved.user !== user);
    go_on_after('unauthenticated');
    const [records, tabs] = await Promise.all([all_records(), open_tabs()]);
    const here = new Set(queue.items.peek().map((item) => item.key));
    const mine = records.filter((record) => record.user === user && !here.has(record.key) && (record.tab === this_tab || !tabs.has(record.tab)));
    for (const record of mine) record.tab = this_tab;
    if (!mine.length) return;
    const items = mine.map((record) => new Item(record, null));
    keep_records(mine);
    queue.add(items);
    await recall_offsets(items);
    for (const item of items) if (item.saved.handle) void reopen(item, false);
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
