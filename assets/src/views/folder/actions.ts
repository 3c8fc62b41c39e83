// What can be done with entries in a folder: one table for the menu, the selection bar and the keyboard.
import type { Entry } from '../../api/shapes';
import { t } from '../../i18n/language';
import { copy_entries, download_entries, move_entries, rename_entry, trash_entries, type Source, type Target } from '../../model/actions';
import { copy_text } from '../../model/clipboard';
import { clip, place, type Place } from '../../model/current-folder';
import { details_open } from '../../model/details';
import { file_path, folder_path, navigate, with_preview } from '../../model/route';
import { can_write } from '../../model/spaces';
import { say } from '../../model/toasts';
import type { Pane } from '../../model/list-state';
import { grow_from } from '../../components/viewer-transition';
import type { Acts } from '../../components/items/columns';
import type { IconName } from '../../components/icons';
import type { MenuEntry } from '../../components/menu';
import { choose_folder } from '../folder-picker';

export const path_of = (entry: Entry): string => (entry.kind === 'folder' ? folder_path(entry.id) : file_path(entry.id));

export function open_one(entry: Entry): void {
    if (entry.kind === 'folder') return navigate(folder_path(entry.id));
    const tile = document.getElementById(`row-${entry.id}`)?.querySelector<HTMLElement>('.thumb, .kind') ?? null;
    grow_from(tile, () => navigate(with_preview(entry.id)));
}

export interface Act {
    name: 'open' | 'download' | 'rename' | 'move' | 'copy' | 'link' | 'details' | 'trash';
    label: string;
    icon: IconName;
    keys?: string;
    run: () => void;
}

export function acts_for<T extends Entry>(entries: readonly T[], pane: Pane<T>, write: boolean): Act[] {
    const [first] = entries;
    if (!first) return [];
    const one = entries.length === 1;
    const acts: (Act | false)[] = [
        one && { name: 'open', label: t('act.open'), icon: first.kind === 'folder' ? 'folder_open' : 'eye', keys: t('key.enter'), run: () => open_one(first) },
        entries.some((entry) => entry.kind === 'file') && { name: 'download', label: t('act.download'), icon: 'download', run: () => void download_entries(entries) },
        one && write && { name: 'rename', label: t('act.rename'), icon: 'pencil', keys: 'F2', run: () => (pane.renaming.value = first.id) },
        write && { name: 'move', label: t('act.move'), icon: 'folder_input', run: () => void move_by_dialog(entries, pane.pages) },
        { name: 'copy', label: t('act.copy_to'), icon: 'copy', run: () => void copy_by_dialog(entries, pane.pages) },
        one && { name: 'link', label: t('act.copy_address'), icon: 'link', run: () => void copy_address(first) },
        { name: 'details', label: t('details.title'), icon: 'info', run: () => show_details(entries, pane) },
        write && { name: 'trash', label: t('act.trash'), icon: 'trash', keys: t('key.delete'), run: () => void trash_entries(pane.pages, entries) },
    ];
    return acts.filter((act) => act !== false);
}

function show_details<T extends Entry>(entries: readonly T[], pane: Pane<T>): void {
    pane.selection.value = { ids: new Set(entries.map((entry) => entry.id)), anchor: entries[0]!.id, focus: entries[0]!.id };
    details_open.value = true;
}

async function copy_address(entry: Entry): Promise<void> {
    if (await copy_text(location.origin + path_of(entry))) say(t('done.address_copied'));
}

export async function move_by_dialog(entries: readonly Entry[], from: Source): Promise<void> {
    const to = await choose_folder({ act: 'move', entries, begin: place.peek()?.folder ?? null });
    if (to) await move_entries(from, entries, to);
}

export async function copy_by_dialog(entries: readonly Entry[], from: Source | null = null): Promise<void> {
    const to = await choose_folder({ act: 'copy', entries, begin: place.peek()?.folder ?? null });
    if (to) await copy_entries(entries, to, from);
}

export function menu_for<T extends Entry>(entries: readonly T[], pane: Pane<T>, write: boolean): MenuEntry[] {
    const acts = acts_for(entries, pane, write);
    return acts.flatMap((act): MenuEntry[] => (act.name === 'trash' || act.name === 'rename' ? ['line', act] : [act]));
}

export function paste_into(to: Target): void {
    const now = clip.peek();
    if (!now) return;
    if (now.cut) {
        clip.value = null;
        void move_entries(now.from, now.entries, to);
    } else void copy_entries(now.entries, to, now.from);
}

// `here`: null where entries of many folders are listed (search).
export function list_acts<T extends Entry>(pane: Pane<T>, here: Place | null, parent: string | null): Acts<T> {
    const write = here ? can_write(here.role) : false;
    return {
        open: open_one,
        href: path_of,
        menu: (entries) => menu_for(entries, pane, write),
        rename: write ? (entry, name) => void rename_entry(pane, entry, name, here?.folder.name) : undefined,
        remove: write ? (entries) => void trash_entries(pane.pages, entries) : undefined,
        up: parent ? () => navigate(folder_path(parent)) : undefined,
        copy: (entries, cut) => {
            clip.value = { entries, cut: cut && write, from: pane.pages };
            say(t(cut && write ? 'done.cut' : 'done.copied_to_clip', { n: entries.length }));
        },
        paste: here && write ? () => paste_into(here.folder) : undefined,
    };
}
