// The kind of a file, by its name or else by its media type.
import type { Entry } from '../api/shapes';
import { splitName } from './names';

export type FileKind =
    | 'folder'
    | 'image'
    | 'video'
    | 'audio'
    | 'pdf'
    | 'document'
    | 'sheet'
    | 'slides'
    | 'code'
    | 'text'
    | 'archive'
    | 'other';
export type PreviewKind = 'image' | 'video' | 'audio' | 'pdf' | 'text';

const byExtension: Record<string, FileKind> = {};
const extensions: [FileKind, string][] = [
    ['document', 'doc docx odt rtf pages epub'],
    ['sheet', 'xls xlsx ods csv tsv numbers'],
    ['slides', 'ppt pptx odp key'],
    ['code', 'js ts tsx jsx mjs c h cc cpp hpp py rb go rs java kt swift php sh sql html css json xml yaml yml toml'],
    ['text', 'txt md log ini conf rst'],
    ['archive', 'zip tar gz tgz bz2 xz zst 7z rar tar.gz tar.xz tar.zst iso dmg'],
    ['image', 'png jpg jpeg gif webp avif svg bmp heic tif tiff'],
    ['video', 'mp4 webm mov mkv avi m4v ogv'],
    ['audio', 'mp3 wav ogg oga opus flac m4a aac'],
    ['pdf', 'pdf'],
];
for (const [kind, names] of extensions) for (const name of names.split(' ')) byExtension[name] = kind;

// Kinds by the whole file name.
const byName: Record<string, FileKind> = {};
for (const name of 'makefile gnumakefile dockerfile containerfile jenkinsfile vagrantfile gemfile rakefile procfile brewfile justfile cmakelists.txt'.split(
    ' ',
))
    byName[name] = 'code';
for (const name of 'readme license licence copying authors contributors changelog changes news notice install todo version'.split(
    ' ',
))
    byName[name] = 'text';

type Described = Pick<Entry, 'kind' | 'name' | 'mime' | 'size'>;

export function fileKind(entry: Pick<Entry, 'kind' | 'name' | 'mime'>): FileKind {
    if (entry.kind === 'folder') return 'folder';
    const extension = splitName(entry.name)[1].slice(1).toLowerCase();
    const known = byName[entry.name.toLowerCase()] ?? byExtension[extension];
    if (known) return known;
    if (entry.name.startsWith('.') && !extension) return 'text'; // .bashrc, .gitignore
    const type = entry.mime ?? '';
    for (const kind of ['image', 'video', 'audio', 'text'] as const) if (type.startsWith(kind + '/')) return kind;
    return type === 'application/pdf' ? 'pdf' : 'other';
}

const shownImages = /^image\/(png|jpeg|gif|webp|avif|bmp|x-icon|vnd\.microsoft\.icon)$/;
export const textLimit = 4 << 20; // bytes of a text preview

// How a file can be previewed; null: only downloaded. SVG is not previewed, since it can hold scripts.
export function previewKind(entry: Described): PreviewKind | null {
    const type = (entry.mime ?? '').split(';')[0]!.trim();
    if (entry.kind === 'folder') return null;
    if (shownImages.test(type)) return 'image';
    if (type.startsWith('video/')) return 'video';
    if (type.startsWith('audio/')) return 'audio';
    if (type === 'application/pdf') return 'pdf';
    const textual =
        type.startsWith('text/') ||
        /^application\/(json|xml|yaml|toml|javascript|x-sh|sql)$/.test(type) ||
        ['text', 'code'].includes(fileKind(entry));
    return textual ? 'text' : null;
}

const thumbnailLimit = 3 << 20;
export const hasThumbnail = (entry: Described): boolean =>
    previewKind(entry) === 'image' && entry.size > 0 && entry.size <= thumbnailLimit;
