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
                <path d="M6.75 25.25V15.5a9.25 9.25 0 0 1 18.5 0v9.75" stroke-width="2.5" />
            </g>
            <path class="mark-boxes" d="M11 20.75h4.5v4.5H11zM16.5 20.75H21v4.5h-4.5zM13.75 15.25h4.5v4.5h-4.5z" />
        </svg>
    );
}
