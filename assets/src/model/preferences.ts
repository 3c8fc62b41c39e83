// What a person chose on this machine: theme, view, sort, the details panel.
import { computed, effect, signal, type Signal } from '@preact/signals';
import type { Sort } from '../api/shapes';

export type Theme = 'system' | 'light' | 'dark';
export type View = 'list' | 'grid';

function kept<T>(key: string, fallback: T, valid: (value: unknown) => boolean): Signal<T> {
    const name = `bodega.${key}`;
    let first = fallback;
    try {
        const text = localStorage.getItem(name);
        const value: unknown = text === null ? fallback : JSON.parse(text);
        if (valid(value)) first = value as T;
    } catch {
        localStorage.removeItem(name); // unreadable: the default is kept
    }
    const made = signal(first);
    effect(() => localStorage.setItem(name, JSON.stringify(made.value)));
    return made;
}

const one_of = (...values: unknown[]) => (value: unknown): boolean => values.includes(value);

export const theme = kept<Theme>('theme', 'system', one_of('system', 'light', 'dark'));
export const view = kept<View>('view', 'list', one_of('list', 'grid'));
export const docked_details = kept<boolean>('details', false, one_of(true, false));
export const sort = kept<Sort>('sort', { key: 'name', order: 'asc' }, (value) => {
    const { key, order } = (value ?? {}) as Partial<Sort>;
    return one_of('name', 'size', 'modified_at', 'kind')(key) && one_of('asc', 'desc')(order);
});

const system_dark = typeof matchMedia === 'undefined' ? null : matchMedia('(prefers-color-scheme: dark)');
const dark_outside = signal(system_dark?.matches ?? false);
system_dark?.addEventListener('change', () => (dark_outside.value = system_dark.matches));

// What is shown: the choice, or what the system prefers.
export const dark = computed(() => theme.value === 'dark' || (theme.value === 'system' && dark_outside.value));

export function apply_theme(): void {
    effect(() => {
        document.documentElement.dataset.theme = dark.value ? 'dark' : 'light';
    });
}
