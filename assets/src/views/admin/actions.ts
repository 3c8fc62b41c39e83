// What the audit log's actions are called; one that is new here shows as the server names it.
import { language, type Language } from '../../i18n/language';

const names: Record<string, Record<Language, string>> = {
    'session.create': { en: 'Signed in', es: 'Ingresó' },
};

export const known_actions: readonly string[] = Object.keys(names);
export const action_name = (action: string): string => names[action]?.[language.value] ?? action;
