// What a file is to a person, told by its type or, failing that, by its name.
import type { Entry } from '../api/shapes';
import { split_name } from './names';

export type FileKind = 'folder' | 'image' | 'video' | 'audio' | 'pdf' | 'document' | 'sheet' | 'slides' | 'code' | 'text' | 'archive' | 'other';
export type PreviewKind = 'image' | 'video' | 'audio' | 'pdf' | 'text';

const by_extension: Record<string, FileKind> = {};
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
for (const [kind, names] of extensions) for (const name of names.split(' ')) by_extension[name] = kind;

// Files that are known by their whole name.
const by_name: Record<string, FileKind> = {};
for (const name of 'makefile gnumakefile dockerfile containerfile jenkinsfile vagrantfile gemfile rakefile procfile brewfile justfile cmakelists.txt'.split(' ')) by_name[name] = 'code';
for (const name of 'readme license licence copying authors contributors changelog changes news notice install todo version'.split(' ')) by_name[name] = 'text';

type Described = Pick<Entry, 'kind' | 'name' | 'mime' | 'size'>;

export function file_kind(entry: Pick<Entry, 'kind' | 'name' | 'mime'>): FileKind {
    if (entry.kind === 'folder') return 'folder';
    const extension = split_name(entry.name)[1].slice(1).toLowerCase();
    const known = by_name[entry.name.toLowerCase()] ?? by_extension[extension];
    if (known) return known;
    if (entry.name.startsWith('.') && !extension) return 'text'; // .bashrc, .gitignore
    const type = entry.mime ?? '';
    for (const kind of ['image', 'video', 'audio', 'text'] as const) if (type.startsWith(kind + '/')) return kind;
    return type === 'application/pdf' ? 'pdf' : 'other';
}

const shown_images = /^image\/(png|jpeg|gif|webp|avif|bmp|x-icon|vnd\.microsoft\.icon)$/;
export const text_limit = 4 << 20; // bytes of a text that are shown

// How a file can be shown here; null: only downloaded. SVG is left out: it can run.
export function preview_kind(entry: Described): PreviewKind | null {
    const type = (entry.mime ?? '').split(';')[0]!.trim();
    if (entry.kind === 'folder') return null;
    if (shown_images.test(type)) return 'image';
    if (type.startsWith('video/')) return 'video';
    if (type.startsWith('audio/')) return 'audio';
    if (type === 'application/pdf') return 'pdf';
    const textual = type.startsWith('text/') || /^application\/(json|xml|yaml|toml|javascript|x-sh|sql)$/.test(type) || ['text', 'code'].includes(file_kind(entry));
    return textual ? 'text' : null;
}

const thumbnail_limit = 3 << 20;
export const has_thumbnail = (entry: Described): boolean => preview_kind(entry) === 'image' && entry.size > 0 && entry.size <= thumbnail_limit;
