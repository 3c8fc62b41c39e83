// Names of the audit log's actions. An unknown action shows as the server names it.
import type { AuditRow } from '../../api/shapes';
import { isKey, keys, t, type Key } from '../../i18n/language';

const prefix = 'audit_action.';

// The text of a key, if there is one, or else the server's own word.
const textOr = (key: string, word: string): string => (isKey(key) ? t(key) : word);

export const knownActions: readonly string[] = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
export const actionName = (action: string): string => textOr(prefix + action, action);

const scopes: Record<string, Key> = {
    read: 'tokens.scope_read',
    write: 'tokens.scope_write',
    admin: 'tokens.scope_admin',
};
const roles: Record<string, Key> = {
    admin: 'role.admin',
    member: 'role.member',
    viewer: 'role.viewer',
    editor: 'role.editor',
    manager: 'role.manager',
};
const ownWords = ['from_folder', 'to', 'to_folder', 'of', 'username']; // keys whose values are names, shown as they are

// Ids that a name beside them already tells.
export const isToldByName = (key: string, detail: AuditRow['detail']): boolean =>
    'to_folder' in detail && (key === 'parent_id' || key === 'from');

// A key without a label is a member's user name.
export const factName = (key: string): string => textOr(`audit_fact.${key}`, key);

export function factValue(key: string, value: string): string {
    if (ownWords.includes(key)) return value;
    const ended = /^(\d+) sessions? and (\d+) tokens?$/.exec(value);
    if (ended) return `${t('audit.sessions', { n: Number(ended[1]) })}, ${t('audit.tokens', { n: Number(ended[2]) })}`;
    const known = key === 'scope' ? scopes[value] : roles[value];
    return known ? t(known) : textOr(`audit_value.${value}`, value);
}
