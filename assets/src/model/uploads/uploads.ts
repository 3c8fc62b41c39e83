// The app's uploads: connects the queue to tus, to the stored records and to the folders on screen.
import { signal } from '@preact/signals';
import { openEntry, uploadsThere } from '../../api/entries';
import type { UploadThere } from '../../api/shapes';
import { freshKey } from '../../api/call';
import { t } from '../../i18n/language';
import { resolveNameConflict } from '../dialogs';
import { isApiError } from '../../api/error';
import { explain } from '../error-text';
import { entryArrived, folderChanged, foldersInMemory } from '../folders';
import { me, onAccountChange } from '../session';
import { reportError } from '../report-error';
import { loadSpaces, spacesChanged } from '../spaces';
import { showError } from '../toasts';
import type { Target } from '../transfer';
import { fileBehind, hasPicker, pickFiles, type Drop, type Found } from './drop';
import { Item, LeftOut, unfinished, type Saved } from './item';
import { Throughput } from './throughput';
import { holdTab, openTabs, thisTab } from './presence';
import { Queue } from './queue';
import { allRecords, claimRecords, forgetRecords, forgetUser, keepRecords } from './records';
import { discardUpload, discarded, sendFile } from './send';
import { folderFor, forgetFolder, knowFolder, type Listener, type TargetFolder } from './tree';

export const trayOpen = signal(true);
export const reading = signal<number | null>(null); // files found so far while a dropped folder is read
const throughput = new Throughput();

export const queue = new Queue({
    send(item, done, failed) {
        return sendFile(item, item.file, {
            parent: parentOf(item),
            stands: (url, whole) => {
                item.begun = false;
                if (url === item.saved.url && whole === item.saved.whole) return;
                Object.assign(item.saved, { url, whole });
                keepRecords([item.saved]);
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
                if (isApiError(reason, 'not_found')) forgetParent(item);
                failed(reason);
                if (isApiError(reason, 'unauthenticated', 'wrong_account')) void loadSpaces().catch(() => undefined); // this call's 401 leads to the sign-in page
            },
        });
    },
    discard: discardUpload,
    keep: (items) => keepRecords(items.map((item) => item.saved)),
    forget: forgetRecords,
    arrived: (item, entryId) => {
        spacesChanged();
        if (item.saved.parent) showArrival(item.saved.parent, entryId);
    },
    ask: async (item, others, conflict) => {
        const { name, size, modified } = item.saved;
        const theirs = conflict.existingId ? await openEntry(conflict.existingId).catch(() => null) : null;
        return resolveNameConflict({
            name,
            folder: folderName(item.saved),
            ours: { kind: 'file', size, modified_at: modified },
            theirs,
            replace: theirs?.kind !== 'folder',
            others: others > 0,
        });
    },
});

export const folderName = ({ folders, rootName }: Pick<Saved, 'folders' | 'rootName'>): string =>
    folders.at(-1) ?? rootName;

const foldersOf: Listener = {
    arrived: entryArrived,
    ask: async ({ folders, rootName }, file) => {
        const name = folders.at(-1)!;
        const { choice } = await resolveNameConflict({
            name,
            folder: folders.at(-2) ?? rootName,
            ours: { kind: 'folder' },
            theirs: file,
            replace: false,
            others: false,
        });
        return choice === 'keep' ? 'keep' : 'skip';
    },
};

async function parentOf(item: Item): Promise<string> {
    const { saved } = item;
    if (saved.parent) return saved.parent;
    saved.parent = await folderFor(saved, foldersOf);
    keepRecords([saved]);
    return saved.parent;
}

function forgetParent(item: Item): void {
    item.saved.parent = null;
    forgetFolder(item.saved);
}

// A few new files are inserted into the open listing one by one; many are fetched with the listing.
let arrivals: { folder: string; entry: string | null }[] = [];

function showArrival(folder: string, entry: string | null): void {
    if (!foldersInMemory(folder).length) return;
    arrivals.push({ folder, entry });
    if (arrivals.length === 1) setTimeout(flushArrivals, 300);
}

function flushArrivals(): void {
    const some = arrivals;
    arrivals = [];
    if (some.length <= 3 && some.every(({ entry }) => entry)) {
        for (const { entry } of some) openEntry(entry!).then(entryArrived, () => undefined);
    } else {
        for (const folder of new Set(some.map((arrival) => arrival.folder))) folderChanged(folder);
    }
}

function moved(item: Item, sent: number): void {
    if (sent === item.sent.peek()) return;
    item.sent.value = sent;
    item.hold.value = null;
    item.movedAt = Date.now();
}

const still = 10_000; // milliseconds without a byte after which the connection counts as stalled

function noticeHanging(): void {
    for (const item of queue.items.peek()) {
        const hangs =
            item.state.peek() === 'sending' &&
            item.movedAt > 0 &&
            item.sent.peek() < item.saved.size &&
            Date.now() - item.movedAt > still;
        if (hangs && !item.hold.peek()) {
            item.hold.value = 'connection';
            queue.count();
        }
    }
}

function savedFor(found: Found, to: Target, batch: string): Saved {
    const { file, folders, handle } = found;
    return {
        key: freshKey(),
        tab: thisTab,
        user: me.peek()!.id,
        name: file.name,
        folders,
        root: to.id,
        rootName: to.name,
        size: file.size,
        modified: file.lastModified,
        batch,
        conflict: 'fail',
        parent: null,
        url: null,
        whole: false,
        handle,
    };
}

// Starts uploads. Files whose upload was interrupted by a reload continue from the server's offset.
export function upload(drop: Drop, to: Target): void {
    const batch = freshKey();
    trayOpen.value = true;
    const waiting = queue.items.peek().filter((item) => item.state.peek() === 'fileless');
    const fresh: Item[] = [];
    for (const found of drop.files) {
        const left = waiting.find(
            (item) => item.state.peek() === 'fileless' && item.isFor(found.file, found.folders, to.id),
        );
        if (left) queue.give(left, found.file);
        else fresh.push(new Item(savedFor(found, to, batch), found.file));
    }
    if (fresh.length) queue.add(fresh);
    for (const folders of drop.folders) makeDropped({ batch, root: to.id, rootName: to.name, folders });
    tellUnreadable(drop.unreadable);
}

function makeDropped(target: TargetFolder): void {
    const [name, above] = [target.folders.at(-1)!, target.folders.at(-2) ?? target.rootName];
    folderFor(target, foldersOf).catch(
        (error: unknown) =>
            error instanceof LeftOut ||
            showError(explain(error, { name_taken: t('error.name_taken_in', { name, folder: above }) })),
    );
}

function tellUnreadable(paths: readonly string[]): void {
    if (paths.length) showError(t('upload.unreadable', { n: paths.length, names: listOf(paths) }));
}

const listOf = (names: readonly string[]): string =>
    names
        .slice(0, 3)
        .map((name) => `“${name}”`)
        .join(', ') + (names.length > 3 ? ', …' : '');

// Files that were chosen again, by a drop on the tray or for one row; matched in all folders.
export function giveAgain(files: readonly File[], only: Item | null = null): void {
    let used = 0;
    for (const file of files) {
        const item = queue.items
            .peek()
            .find(
                (other) =>
                    other.state.peek() === 'fileless' && (!only || only === other) && other.isFor(file, [], null),
            );
        if (!item) continue;
        queue.give(item, file);
        used++;
    }
    if (!used) showError(t('upload.another_file', { name: only?.saved.name ?? files[0]?.name ?? '' }));
}

// Opens the file by its stored handle; true if that worked.
export async function reopen(item: Item, ask: boolean): Promise<boolean> {
    const file = item.saved.handle && (await fileBehind(item.saved.handle, ask));
    if (!file || !item.isFor(file, [], null)) return false;
    queue.give(item, file);
    return true;
}

export async function chooseAndUpload(to: Target, fallback: () => void): Promise<void> {
    if (!hasPicker()) return fallback();
    const drop = await pickFiles();
    if (drop) upload(drop, to);
}

// Resumes uploads that stopped without a session or a network when these are back.
function resumeAfter(code: string): void {
    for (const item of queue.items.peek())
        if (item.state.peek() === 'failed' && isApiError(item.reason.peek(), code)) queue.resume(item);
}

export function watchNetwork(): void {
    holdTab();
    onAccountChange(() => queue.drop(() => true));
    window.addEventListener('online', () => {
        resumeAfter('unreachable');
        for (const item of queue.items.peek()) {
            if (!item.hold.peek()) continue;
            queue.pause(item); // its next retry may be a minute away
            queue.resume(item);
        }
    });
}

// Fetches the server's offsets, to show them before the file is chosen again. Complete uploads need no file.
async function recallOffsets(records: readonly Saved[]): Promise<Map<Saved, number>> {
    const offsets = new Map<Saved, number>();
    const there = await uploadsThere().catch(() => []);
    const byId = new Map(there.map((one) => [one.id, one]));
    for (const record of records) {
        const same = (one: UploadThere): boolean =>
            one.parent_id === record.parent &&
            one.filename === record.name.normalize('NFC') &&
            one.size === record.size;
        const found = record.url ? byId.get(record.url.split('/').at(-1)!) : there.find(same);
        record.whole = Boolean(record.url && found?.whole);
        offsets.set(record, found?.offset ?? 0);
    }
    return offsets;
}

// A tab that closes still counts as open for a moment.
const lookAgain = [1_000, 5_000, 80_000];

// Called after sign-in: restores the user's unfinished uploads, and removes another user's from memory.
export async function recallUploads(tries = 0): Promise<void> {
    const user = me.peek()?.id;
    queue.drop((item) => item.saved.user !== user);
    if (!tries) resumeAfter('unauthenticated');
    const [records, tabs] = await Promise.all([allRecords(), openTabs()]);
    const others = records.filter((record) => record.user === user && record.tab !== thisTab);
    const lost = await claimRecords(
        others.filter((record) => !tabs.has(record.tab)),
        thisTab,
    );
    if (lost.length < others.length && tries < lookAgain.length)
        setTimeout(
            () => void (user === me.peek()?.id && recallUploads(tries + 1).catch(reportError)),
            lookAgain[tries],
        );
    if (!lost.length) return;
    for (const record of lost) if (record.parent) knowFolder(record, record.parent);
    const offsets = await recallOffsets(lost);
    const items = lost.map((record) => new Item(record, null));
    for (const item of items) item.sent.value = offsets.get(item.saved) ?? 0;
    queue.add(items);
    keepRecords(lost);
    for (const item of items) if (item.saved.handle && !item.isReady) void reopen(item, false);
}

// The number in all open tabs of the user, and of closed ones.
export async function unfinishedUploads(user: string): Promise<number> {
    const kept = (await allRecords()).filter((record) => record.user === user).length;
    return Math.max(kept, queue.items.peek().filter((item) => unfinished.includes(item.state.peek())).length);
}

// Cancels unfinished uploads, and removes the names of their files from the browser's database.
export async function forgetUploads(user: string): Promise<void> {
    queue.cancelAll();
    queue.drop(() => true);
    await discarded();
    await forgetUser(user);
}

export const busy = (): boolean =>
    queue.items
        .peek()
        .some(
            (item) =>
                unfinished.includes(item.state.peek()) &&
                item.state.peek() !== 'fileless' &&
                item.state.peek() !== 'failed',
        );

// Throughput and time left, for the tray.
export function currentThroughput(): { speed: number | null; left: number | null } {
    noticeHanging();
    const { sent, size, counts, held } = queue.totals.peek();
    if (counts.sending <= held) throughput.reset();
    else throughput.sample(sent, Date.now());
    return { speed: throughput.speed, left: throughput.secondsLeft(size - sent) };
}

export function guardLeaving(): void {
    window.addEventListener('beforeunload', (event) => {
        if (busy()) event.preventDefault();
    });
}
