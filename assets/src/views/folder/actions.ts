// The actions on entries of a folder: one table for the menu, the toolbar and the keyboard.
import { urls } from '../../api/url';
import type { Entry } from '../../api/shapes';
import { t } from '../../i18n/language';
import { copyEntries, downloadEntries, moveEntries, renameEntry, trashEntries } from '../../model/actions';
import type { Source, Target } from '../../model/transfer';
import { copyText } from '../../model/clipboard';
import { entryClipboard, currentFolder, type CurrentFolder } from '../../model/current-folder';
import { detailsOpen } from '../../model/details';
import { navigate, withPreview } from '../../model/route';
import { canWrite } from '../../model/spaces';
import { showMessage } from '../../model/toasts';
import type { ListState } from '../../model/list-state';
import { openWithTransition } from '../../components/viewer-transition';
import type { ItemActions } from '../../components/items/columns';
import type { IconName } from '../../components/icons';
import type { MenuEntry } from '../../components/menu';
import { chooseFolder } from '../folder-picker';

export const pathOf = (entry: Entry): string => (entry.kind === 'folder' ? urls.folder(entry.id) : urls.file(entry.id));

export function openOne(entry: Entry): void {
    if (entry.kind === 'folder') return navigate(urls.folder(entry.id));
    const tile = document.getElementById(`row-${entry.id}`)?.querySelector<HTMLElement>('.thumb, .kind') ?? null;
    openWithTransition(tile, () => navigate(withPreview(entry.id)));
}

export interface EntryAction {
    name: 'open' | 'download' | 'rename' | 'move' | 'copy' | 'link' | 'details' | 'trash';
    label: string;
    icon: IconName;
    keys?: string;
    run: () => void;
}

export function actionsFor<T extends Entry>(entries: readonly T[], list: ListState<T>, write: boolean): EntryAction[] {
    const [first] = entries;
    if (!first) return [];
    const one = entries.length === 1;
    const actions: (EntryAction | false)[] = [
        one && {
            name: 'open',
            label: t('action.open'),
            icon: first.kind === 'folder' ? 'folderOpen' : 'eye',
            keys: t('key.enter'),
            run: () => openOne(first),
        },
        entries.some((entry) => entry.kind === 'file') && {
            name: 'download',
            label: t('action.download'),
            icon: 'download',
            run: () => void downloadEntries(entries),
        },
        one &&
            write && {
                name: 'rename',
                label: t('action.rename'),
                icon: 'pencil',
                keys: 'F2',
                run: () => (list.renaming.value = first.id),
            },
        write && {
            name: 'move',
            label: t('action.move'),
            icon: 'folderInput',
            run: () => void moveByDialog(entries, list.pages),
        },
        { name: 'copy', label: t('action.copy_to'), icon: 'copy', run: () => void copyByDialog(entries, list.pages) },
        one && { name: 'link', label: t('action.copy_address'), icon: 'link', run: () => void copyAddress(first) },
        { name: 'details', label: t('details.title'), icon: 'info', run: () => showDetails(entries, list) },
        write && {
            name: 'trash',
            label: t('action.trash'),
            icon: 'trash',
            keys: t('key.delete'),
            run: () => void trashEntries(list.pages, entries),
        },
    ];
    return actions.filter((action) => action !== false);
}

function showDetails<T extends Entry>(entries: readonly T[], list: ListState<T>): void {
    list.selection.value = {
        ids: new Set(entries.map((entry) => entry.id)),
        anchor: entries[0]!.id,
        focus: entries[0]!.id,
    };
    detailsOpen.value = true;
}

async function copyAddress(entry: Entry): Promise<void> {
    if (await copyText(location.origin + pathOf(entry))) showMessage(t('done.address_copied'));
}

export async function moveByDialog(entries: readonly Entry[], from: Source): Promise<void> {
    const to = await chooseFolder({ action: 'move', entries, begin: currentFolder.peek()?.folder ?? null });
    if (to) await moveEntries(from, entries, to);
}

export async function copyByDialog(entries: readonly Entry[], from: Source | null = null): Promise<void> {
    const to = await chooseFolder({ action: 'copy', entries, begin: currentFolder.peek()?.folder ?? null });
    if (to) await copyEntries(entries, to, from);
}

export function menuFor<T extends Entry>(entries: readonly T[], list: ListState<T>, write: boolean): MenuEntry[] {
    const actions = actionsFor(entries, list, write);
    return actions.flatMap((action): MenuEntry[] =>
        action.name === 'trash' || action.name === 'rename' ? ['line', action] : [action],
    );
}

export function pasteInto(to: Target): void {
    const now = entryClipboard.peek();
    if (!now) return;
    if (now.cut) {
        entryClipboard.value = null;
        void moveEntries(now.from, now.entries, to);
    } else void copyEntries(now.entries, to, now.from);
}

// `here`: null for a list of many folders (search).
export function listActions<T extends Entry>(
    list: ListState<T>,
    here: CurrentFolder | null,
    parent: string | null,
): ItemActions<T> {
    const write = here ? canWrite(here.role) : false;
    return {
        open: openOne,
        href: pathOf,
        menu: (entries) => menuFor(entries, list, write),
        rename: write ? (entry, name) => void renameEntry(list, entry, name, here?.folder.name) : undefined,
        remove: write ? (entries) => void trashEntries(list.pages, entries) : undefined,
        up: parent ? () => navigate(urls.folder(parent)) : undefined,
        copy: (entries, cut) => {
            entryClipboard.value = { entries, cut: cut && write, from: list.pages };
            showMessage(t(cut && write ? 'done.cut' : 'done.copied_to_clip', { n: entries.length }));
        },
        paste: here && write ? () => pasteInto(here.folder) : undefined,
    };
}
