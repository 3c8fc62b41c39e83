// The server's rules for user names: letters and digits of any script, and . _ - @ + after the first character.
import { t } from '../i18n/language';

const mostCharacters = 64;

// Why the name is invalid, as a sentence; null: valid or empty.
export function usernameError(text: string): string | null {
    const name = text.trim().normalize('NFC');
    if (!name) return null;
    if (/\s/u.test(name)) return t('account.username_blank', { name: name.replace(/\s+/gu, '.') });
    if (!/^[\p{L}\p{Nd}][\p{L}\p{Nd}\p{Mn}\p{Mc}._@+-]*$/u.test(name)) return t('account.username_characters');
    return [...name].length > mostCharacters ? t('account.username_long', { n: mostCharacters }) : null;
}
