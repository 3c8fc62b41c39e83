// One icon: decoration, so hidden from screen readers; the words are beside it or in a label.
import { h } from 'preact';
import type { FileKind } from '../model/kinds';
import { icons, type IconName } from './icons';

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
    return (
        <svg class="icon" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width={size > 30 ? 1.25 : 1.75} stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
            {icons[name].map(([tag, attributes]) => h(tag, attributes))}
        </svg>
    );
}

const of_kind: Record<FileKind, IconName> = {
    folder: 'folder', image: 'image', video: 'video', audio: 'music', pdf: 'file_text', document: 'file_text', sheet: 'file_spreadsheet',
    slides: 'presentation', code: 'file_code', text: 'file_text', archive: 'file_archive', other: 'file',
};

export function KindIcon({ kind, size = 20 }: { kind: FileKind; size?: number }) {
    return (
        <span class={`kind kind-${kind}`}>
            <Icon name={of_kind[kind]} size={size} />
        </span>
    );
}

export function Mark({ size = 28 }: { size?: number }) {
    return (
        <svg class="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="8" class="mark-ground" />
            <g class="mark-lines" fill="none" stroke-linecap="round" stroke-linejoin="round">
                <path d="M7 25.5V15a9 9 0 0 1 18 0v10.5" stroke-width="2.5" />
                <path d="M12 25.5v-4.25h8v4.25m-8-6.5v-3.75h8V19" stroke-width="2" />
            </g>
        </svg>
    );
}
