// An icon. Hidden from screen readers: the text beside it, or a label, says the same.
import { h } from 'preact';
import type { FileKind } from '../model/kinds';
import { icons, type IconName } from './icons';

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
    // Mirrored in right-to-left text.
    const way = name === 'chevronLeft' || name === 'chevronRight' || name === 'arrowLeft';
    return (
        <svg
            class={`icon ${size > 24 ? 'large' : ''} ${way ? 'way' : ''}`}
            width={size}
            height={size}
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width={size > 24 ? 1.5 : 1.75}
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            {icons[name].map(([tag, attributes]) => h(tag, attributes))}
        </svg>
    );
}

const ofKind: Record<FileKind, IconName> = {
    folder: 'folder',
    image: 'image',
    video: 'video',
    audio: 'music',
    pdf: 'fileText',
    document: 'fileText',
    sheet: 'fileSpreadsheet',
    slides: 'presentation',
    code: 'fileCode',
    text: 'fileText',
    archive: 'fileArchive',
    other: 'file',
};

export function KindIcon({ kind, size = 20 }: { kind: FileKind; size?: number }) {
    return (
        <span class={`kind kind-${kind}`}>
            <Icon name={ofKind[kind]} size={size} />
        </span>
    );
}

export function Mark({ size = 28 }: { size?: number }) {
    return (
        <svg class="logo" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="8" class="logo-ground" />
            <g class="logo-lines" fill="none" stroke-linecap="round" stroke-linejoin="round">
                <path d="M6.75 25.25V15.5a9.25 9.25 0 0 1 18.5 0v9.75" stroke-width="2.5" />
            </g>
            <path class="logo-boxes" d="M11 20.75h4.5v4.5H11zM16.5 20.75H21v4.5h-4.5zM13.75 15.25h4.5v4.5h-4.5z" />
        </svg>
    );
}

const wordmark = [
    'M2.4 4.4V20',
    'M7.6 9.6a5.2 5.2 0 1 1 0 10.4a5.2 5.2 0 1 1 0-10.4', // b
    'M21.4 9.6a5.2 5.2 0 1 1 0 10.4a5.2 5.2 0 1 1 0-10.4', // o
    'M40.4 4.4V20',
    'M35.2 9.6a5.2 5.2 0 1 1 0 10.4a5.2 5.2 0 1 1 0-10.4', // d
    'M43.9 14.8H54.3A5.2 5.2 0 1 0 52.9 18.3', // e
    'M68 9.6V20.6A5.2 5.2 0 0 1 58.6 23.6',
    'M62.8 9.6a5.2 5.2 0 1 1 0 10.4a5.2 5.2 0 1 1 0-10.4', // g
    'M81.8 9.6V20',
    'M76.6 9.6a5.2 5.2 0 1 1 0 10.4a5.2 5.2 0 1 1 0-10.4', // a
];

// The wordmark as paths, without a web font.
export function Wordmark({ height = 22 }: { height?: number }) {
    return (
        <svg
            class="wordmark"
            width={(height * 84) / 28}
            height={height}
            viewBox="0 0 84 28"
            role="img"
            aria-label="bodega"
        >
            {wordmark.map((d) => (
                <path key={d} d={d} />
            ))}
        </svg>
    );
}
