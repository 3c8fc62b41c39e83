// Drag and drop for the whole page. A target is any element with data-drop (a folder's id) and
// data-drop-name; entries dragged inside move there (ctrl or alt copies), files from outside go up.
import { signal } from '@preact/signals';
import { content_url } from '../api/entries';
import type { Entry } from '../api/shapes';
import { copy_entries, move_entries, type Source, type Target } from './actions';
import { t } from '../i18n/language';
import { place } from './current-folder';
import { can_write } from './spaces';
import { complain } from './toasts';
import { read_drop } from './uploads/drop';
import { reading, upload } from './uploads/uploads';

export interface Dragged {
    entries: readonly Entry[];
    from: Source;
}

export const dragged = signal<Dragged | null>(null);
// What letting go would do, for the pill at the bottom.
export const promise = signal<{ act: 'upload' | 'move' | 'copy'; folder: string; n: number } | null>(null);

let lit: Element | null = null;

function light(element: Element | null): void {
    if (lit === element) return;
    lit?.removeAttribute('data-lit');
    element?.setAttribute('data-lit', '');
    lit = element;
}

const has_files = (event: DragEvent): boolean => Boolean(event.dataTransfer?.types.includes('Files')) && !dragged.peek();

function target_of(event: DragEvent): { element: HTMLElement; to: Target } | null {
    const element = (event.target as Element | null)?.closest?.<HTMLElement>('[data-drop]');
    const id = element?.dataset.drop;
    return element && id ? { element, to: { id, name: element.dataset.dropName ?? '' } } : null;
}

function act_of(event: DragEvent, to: Target): 'upload' | 'move' | 'copy' | null {
    if (has_files(event)) return 'upload';
    const now = dragged.peek();
    if (!now || now.entries.some((entry) => entry.id === to.id)) return null;
    if (event.ctrlKey || event.altKey) return 'copy';
    return now.entries.every((entry) => entry.parent_id === to.id) ? null : 'move';
}

function on_over(event: DragEvent): void {
    if (!has_files(event) && !dragged.peek()) return;
    const target = target_of(event);
    const act = target && act_of(event, target.to);
    event.preventDefault();
    // Files are let go anywhere, to hear why they are not taken: a browser says nothing of what it refuses by itself.
    if (event.dataTransfer) event.dataTransfer.dropEffect = act === 'move' ? 'move' : act || has_files(event) ? 'copy' : 'none';
    light(act ? target.element : null);
    const n = dragged.peek()?.entries.length ?? 0;
    const now = promise.peek();
    if (!act) promise.value = null;
    else if (now?.act !== act || now.folder !== target.to.name) promise.value = { act, folder: target.to.name, n };
}

function on_drop(event: DragEvent): void {
    const target = target_of(event);
    const act = target && act_of(event, target.to);
    if (has_files(event) || dragged.peek()) event.preventDefault();
    if (has_files(event) && !target) complain(why_not_here());
    const now = dragged.peek();
    done();
    if (!target || !act) return;
    if (act === 'upload') void upload_drop(event.dataTransfer!, target.to);
    else if (act === 'copy') void copy_entries(now!.entries, target.to);
    else void move_entries(now!.from, now!.entries, target.to);
}

// Where files are let go that nothing takes.
function why_not_here(): string {
    const here = place.peek();
    return here && !can_write(here.role) ? t('drop.viewer', { folder: here.folder.name }) : t('drop.nowhere');
}

export async function upload_drop(transfer: DataTransfer, to: Target): Promise<void> {
    const reads = read_drop(transfer, (files) => (reading.value = files));
    try {
        upload(await reads, to);
    } finally {
        reading.value = null;
    }
}

function done(): void {
    light(null);
    dragged.value = null;
    promise.value = null;
}

function on_leave(event: DragEvent): void {
    if (event.relatedTarget) return; // still in the page
    light(null);
    promise.value = null;
}

export function begin_drag(event: DragEvent, entries: readonly Entry[], from: Source): void {
    const transfer = event.dataTransfer;
    if (!transfer || !entries.length) return;
    dragged.value = { entries, from };
    transfer.effectAllowed = 'copyMove';
    transfer.setData('text/plain', entries.map((entry) => entry.name).join('\n'));
    const [first] = entries;
    // Out of the browser: Chromium saves the file where it is dropped.
    if (entries.length === 1 && first!.kind === 'file') transfer.setData('DownloadURL', `${first!.mime ?? 'application/octet-stream'}:${first!.name.replaceAll(':', '_')}:${new URL(content_url(first!, 'attachment'), location.href).href}`);
    const badge = document.createElement('div');
    badge.className = 'drag-badge';
    badge.textContent = entries.length === 1 ? first!.name : String(entries.length);
    document.body.append(badge);
    transfer.setDragImage(badge, -12, -12);
    setTimeout(() => badge.remove());
}

export function watch_dragging(): void {
    document.addEventListener('dragover', on_over);
    document.addEventListener('drop', on_drop);
    document.addEventListener('dragleave', on_leave);
    document.addEventListener('dragend', done);
}
