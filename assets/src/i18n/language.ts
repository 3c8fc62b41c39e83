// The language of the app: the user's choice, or else the browser's preference.
import { computed, signal } from '@preact/signals';
import { en } from './en';
import { es } from './es';
import type { Translation } from './texts';

export type Language = 'en' | 'es';
export type Dictionary = Translation<typeof en>;
export type Key = keyof Dictionary;
export type Values = Record<string, string | number>;

const dictionaries: Record<Language, Dictionary> = { en, es };
const stored = 'bodega.language';

export const keys = Object.keys(en) as readonly Key[];

// Whether there is such a key, for keys that are made from the server's answers.
export const isKey = (text: string): text is Key => Object.hasOwn(en, text);

export function preferred(languages: readonly string[]): Language {
    for (const tag of languages) {
        const primary = tag.toLowerCase().split('-')[0];
        if (primary === 'en' || primary === 'es') return primary;
    }
    return 'en';
}

function firstLanguage(): Language {
    if (typeof window === 'undefined') return 'en';
    const chosen = localStorage.getItem(stored);
    return chosen === 'en' || chosen === 'es' ? chosen : preferred(navigator.languages);
}

export const language = signal<Language>(firstLanguage());

// The locale for Intl: with the browser's region if its language is the one in use.
const tag = computed(() => {
    const own = typeof navigator === 'undefined' ? [] : (navigator.languages ?? []);
    return (
        own.find((one) => one.toLowerCase().startsWith(language.value)) ?? (language.value === 'es' ? 'es-419' : 'en')
    );
});
const numbers = computed(() => new Intl.NumberFormat(tag.value));
const plurals = computed(() => new Intl.PluralRules(language.value));

export const locale = (): string => tag.value;

export function chooseLanguage(chosen: Language): void {
    language.value = chosen;
    localStorage.setItem(stored, chosen);
}

function filled(text: string, values: Values | undefined): string {
    if (!values) return text;
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
        const value = values[name];
        if (value === undefined) return whole;
        return typeof value === 'number' ? numbers.value.format(value) : value;
    });
}

// The text of a key. `values.n` selects the plural form, if the text has any (Intl.PluralRules).
export function t(key: Key, values?: Values): string {
    const text = dictionaries[language.value][key];
    if (typeof text === 'string') return filled(text, values);
    const form = plurals.value.select(Number(values?.n ?? 0));
    return filled(form === 'one' ? text.one : text.other, values);
}
