// The columns of a list, and the actions on its entries.
import type { ComponentChild } from 'preact';
import type { Entry, SortKey } from '../../api/shapes';
import type { ListState } from '../../model/list-state';
import type { MenuEntry } from '../menu';

export interface Column<T> {
    name: string; // of its CSS class
    label: string;
    sort?: SortKey;
    cell: (item: T) => ComponentChild;
}

export interface ItemActions<T> {
    open(item: T): void;
    menu(items: readonly T[]): readonly MenuEntry[];
    rename?: (item: T, name: string) => void;
    remove?: (items: readonly T[]) => void;
    up?: () => void;
    copy?: (items: readonly T[], cut: boolean) => void;
    paste?: () => void;
    href?: (item: T) => string;
}

export interface ItemsProps<T extends Entry> {
    list: ListState<T>;
    label: string;
    layout: string; // CSS class that gives the columns their widths
    columns: readonly Column<T>[];
    actions: ItemActions<T>;
    under: (item: T) => ComponentChild; // second line on a phone
    draggable?: boolean;
    drop?: (item: T) => boolean; // whether it is a drop target
}
