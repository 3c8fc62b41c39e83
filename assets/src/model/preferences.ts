// The user's preferences in this browser: theme, view, sort order, details panel.
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
        localStorage.removeItem(name); // unreadable: use the default
    }
    const made = signal(first);
    effect(() => localStorage.setItem(name, JSON.stringify(made.value)));
    return made;
}

const oneOf =
    (...values: unknown[]) =>
    (value: unknown): boolean =>
        values.includes(value);

export const theme = kept<Theme>('theme', 'system', oneOf('system', 'light', 'dark'));
export const view = kept<View>('view', 'list', oneOf('list', 'grid'));
export const dockedDetails = kept<boolean>('details', false, oneOf(true, false));
export const sort = kept<Sort>('sort', { key: 'name', order: 'asc' }, (value) => {
    const { key, order } = (value ?? {}) as Partial<Sort>;
    return oneOf('name', 'size', 'modified_at', 'kind')(key) && oneOf('asc', 'desc')(order);
});

const systemDark = typeof matchMedia === 'undefined' ? null : matchMedia('(prefers-color-scheme: dark)');
const darkOutside = signal(systemDark?.matches ?? false);
systemDark?.addEventListener('change', () => (darkOutside.value = systemDark.matches));

// Whether the dark theme is shown, by choice or by the system's preference.
export const dark = computed(() => theme.value === 'dark' || (theme.value === 'system' && darkOutside.value));

export function applyTheme(): void {
    effect(() => {
        document.documentElement.dataset.theme = dark.value ? 'dark' : 'light';
    });
}
