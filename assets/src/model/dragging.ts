// Drag and drop for the whole page. A drop target is any element with data-drop (a folder's id) and data-drop-name.
// Entries of the app are moved there (copied with Ctrl or Alt); files from outside are uploaded.
import { signal } from '@preact/signals';
import { contentUrl } from '../api/entries';
import type { Entry } from '../api/shapes';
import { copyEntries, moveEntries } from './actions';
import type { Source, Target } from './transfer';
import { t } from '../i18n/language';
import { currentFolder } from './current-folder';
import { canWrite } from './spaces';
import { showError } from './toasts';
import { readDrop } from './uploads/drop';
import { reading, upload } from './uploads/uploads';

export interface Dragged {
    entries: readonly Entry[];
    from: Source;
}

export const dragged = signal<Dragged | null>(null);
// What a drop would do now; shown at the bottom.
export const promise = signal<{ action: 'upload' | 'move' | 'copy'; folder: string; n: number } | null>(null);

let lit: Element | null = null;

function light(element: Element | null): void {
    if (lit === element) return;
    lit?.removeAttribute('data-lit');
    element?.setAttribute('data-lit', '');
    lit = element;
}

const hasFiles = (event: DragEvent): boolean => Boolean(event.dataTransfer?.types.includes('Files')) && !dragged.peek();

function targetOf(event: DragEvent): { element: HTMLElement; to: Target } | null {
    const element = (event.target as Element | null)?.closest?.<HTMLElement>('[data-drop]');
    const id = element?.dataset.drop;
    return element && id ? { element, to: { id, name: element.dataset.dropName ?? '' } } : null;
}

function actionFor(event: DragEvent, to: Target): 'upload' | 'move' | 'copy' | null {
    if (hasFiles(event)) return 'upload';
    const now = dragged.peek();
    if (!now || now.entries.some((entry) => entry.id === to.id)) return null;
    if (event.ctrlKey || event.altKey) return 'copy';
    return now.entries.every((entry) => entry.parent_id === to.id) ? null : 'move';
}

function onOver(event: DragEvent): void {
    if (!hasFiles(event) && !dragged.peek()) return;
    const target = targetOf(event);
    const action = target && actionFor(event, target.to);
    event.preventDefault();
    // Accepts files everywhere, so that a drop outside of a target can show an error: the browser alone shows none.
    if (event.dataTransfer)
        event.dataTransfer.dropEffect = action === 'move' ? 'move' : action || hasFiles(event) ? 'copy' : 'none';
    light(action ? target.element : null);
    const n = dragged.peek()?.entries.length ?? 0;
    const now = promise.peek();
    if (!action) promise.value = null;
    else if (now?.action !== action || now.folder !== target.to.name)
        promise.value = { action, folder: target.to.name, n };
}

function onDrop(event: DragEvent): void {
    const target = targetOf(event);
    const action = target && actionFor(event, target.to);
    if (hasFiles(event) || dragged.peek()) event.preventDefault();
    if (hasFiles(event) && !target) showError(whyNotHere());
    const now = dragged.peek();
    done();
    if (!target || !action) return;
    if (action === 'upload') void uploadDrop(event.dataTransfer!, target.to);
    else if (action === 'copy') void copyEntries(now!.entries, target.to);
    else void moveEntries(now!.from, now!.entries, target.to);
}

// The error for files that are dropped outside of a target.
function whyNotHere(): string {
    const here = currentFolder.peek();
    return here && !canWrite(here.role) ? t('drop.viewer', { folder: here.folder.name }) : t('drop.nowhere');
}

export async function uploadDrop(transfer: DataTransfer, to: Target): Promise<void> {
    const reads = readDrop(transfer, (files) => (reading.value = files));
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

function onLeave(event: DragEvent): void {
    if (event.relatedTarget) return; // still in the page
    light(null);
    promise.value = null;
}

export function beginDrag(event: DragEvent, entries: readonly Entry[], from: Source): void {
    const transfer = event.dataTransfer;
    if (!transfer || !entries.length) return;
    dragged.value = { entries, from };
    transfer.effectAllowed = 'copyMove';
    transfer.setData('text/plain', entries.map((entry) => entry.name).join('\n'));
    const [first] = entries;
    // For drops outside of the browser: Chromium saves the file there.
    if (entries.length === 1 && first!.kind === 'file')
        transfer.setData(
            'DownloadURL',
            `${first!.mime ?? 'application/octet-stream'}:${first!.name.replaceAll(':', '_')}:${new URL(contentUrl(first!, 'attachment'), location.href).href}`,
        );
    const badge = document.createElement('div');
    badge.className = 'drag-badge';
    badge.textContent = entries.length === 1 ? first!.name : String(entries.length);
    document.body.append(badge);
    transfer.setDragImage(badge, -12, -12);
    setTimeout(() => badge.remove());
}

export function watchDragging(): void {
    document.addEventListener('dragover', onOver);
    document.addEventListener('drop', onDrop);
    document.addEventListener('dragleave', onLeave);
    document.addEventListener('dragend', done);
}
