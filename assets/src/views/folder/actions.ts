// What can be done with entries in a folder: one table for the menu, the selection bar and the keyboard.
import type { Entry } from '../../api/shapes';
import { t } from '../../i18n/language';
import { copyEntries, downloadEntries, moveEntries, renameEntry, trashEntries, type Source, type Target } from '../../model/actions';
import { copyText } from '../../model/clipboard';
import { clip, place, type Place } from '../../model/current-folder';
import { detailsOpen } from '../../model/details';
import { filePath, folderPath, navigate, withPreview } from '../../model/route';
import { canWrite } from '../../model/spaces';
import { say } from '../../model/toasts';
import type { Pane } from '../../model/list-state';
import { growFrom } from '../../components/viewer-transition';
import type { Acts } from '../../components/items/columns';
import type { IconName } from '../../components/icons';
import type { MenuEntry } from '../../components/menu';
import { chooseFolder } from '../folder-picker';

export const pathOf = (entry: Entry): string => (entry.kind === 'folder' ? folderPath(entry.id) : filePath(entry.id));

export function openOne(entry: Entry): void {
    if (entry.kind === 'folder') return navigate(folderPath(entry.id));
    const tile = document.getElementById(`row-${entry.id}`)?.querySelector<HTMLElement>('.thumb, .kind') ?? null;
    growFrom(tile, () => navigate(withPreview(entry.id)));
}

export interface Act {
    name: 'open' | 'download' | 'rename' | 'move' | 'copy' | 'link' | 'details' | 'trash';
    label: string;
    icon: IconName;
    keys?: string;
    run: () => void;
}

export function actsFor<T extends Entry>(entries: readonly T[], pane: Pane<T>, write: boolean): Act[] {
    const [first] = entries;
    if (!first) return [];
    const one = entries.length === 1;
    const acts: (Act | false)[] = [
        one && { name: 'open', label: t('act.open'), icon: first.kind === 'folder' ? 'folderOpen' : 'eye', keys: t('key.enter'), run: () => openOne(first) },
        entries.some((entry) => entry.kind === 'file') && { name: 'download', label: t('act.download'), icon: 'download', run: () => void downloadEntries(entries) },
        one && write && { name: 'rename', label: t('act.rename'), icon: 'pencil', keys: 'F2', run: () => (pane.renaming.value = first.id) },
        write && { name: 'move', label: t('act.move'), icon: 'folderInput', run: () => void moveByDialog(entries, pane.pages) },
        { name: 'copy', label: t('act.copy_to'), icon: 'copy', run: () => void copyByDialog(entries, pane.pages) },
        one && { name: 'link', label: t('act.copy_address'), icon: 'link', run: () => void copyAddress(first) },
        { name: 'details', label: t('details.title'), icon: 'info', run: () => showDetails(entries, pane) },
        write && { name: 'trash', label: t('act.trash'), icon: 'trash', keys: t('key.delete'), run: () => void trashEntries(pane.pages, entries) },
    ];
    return acts.filter((act) => act !== false);
}

function showDetails<T extends Entry>(entries: readonly T[], pane: Pane<T>): void {
    pane.selection.value = { ids: new Set(entries.map((entry) => entry.id)), anchor: entries[0]!.id, focus: entries[0]!.id };
    detailsOpen.value = true;
}

async function copyAddress(entry: Entry): Promise<void> {
    if (await copyText(location.origin + pathOf(entry))) say(t('done.address_copied'));
}

export async function moveByDialog(entries: readonly Entry[], from: Source): Promise<void> {
    const to = await chooseFolder({ act: 'move', entries, begin: place.peek()?.folder ?? null });
    if (to) await moveEntries(from, entries, to);
}

export async function copyByDialog(entries: readonly Entry[], from: Source | null = null): Promise<void> {
    const to = await chooseFolder({ act: 'copy', entries, begin: place.peek()?.folder ?? null });
    if (to) await copyEntries(entries, to, from);
}

export function menuFor<T extends Entry>(entries: readonly T[], pane: Pane<T>, write: boolean): MenuEntry[] {
    const acts = actsFor(entries, pane, write);
    return acts.flatMap((act): MenuEntry[] => (act.name === 'trash' || act.name === 'rename' ? ['line', act] : [act]));
}

export function pasteInto(to: Target): void {
    const now = clip.peek();
    if (!now) return;
    if (now.cut) {
        clip.value = null;
        void moveEntries(now.from, now.entries, to);
    } else void copyEntries(now.entries, to, now.from);
}

// `here`: null where entries of many folders are listed (search).
export function listActs<T extends Entry>(pane: Pane<T>, here: Place | null, parent: string | null): Acts<T> {
    const write = here ? canWrite(here.role) : false;
    return {
        open: openOne,
        href: pathOf,
        menu: (entries) => menuFor(entries, pane, write),
        rename: write ? (entry, name) => void renameEntry(pane, entry, name, here?.folder.name) : undefined,
        remove: write ? (entries) => void trashEntries(pane.pages, entries) : undefined,
        up: parent ? () => navigate(folderPath(parent)) : undefined,
        copy: (entries, cut) => {
            clip.value = { entries, cut: cut && write, from: pane.pages };
            say(t(cut && write ? 'done.cut' : 'done.copied_to_clip', { n: entries.length }));
        },
        paste: here && write ? () => pasteInto(here.folder) : undefined,
    };
}
