// Names of the audit log's actions. An unknown action shows as the server names it.
import type { AuditRow } from '../../api/shapes';
import { language, t, type Key, type Language } from '../../i18n/language';

const names: Record<string, Record<Language, string>> = {
    'session.create': { en: 'Signed in', es: 'Ingresó' },
    'session.end_all': { en: 'Signed somebody out everywhere', es: 'Cerró todas las sesiones de alguien' },
    'session.fail': { en: 'Failed to sign in', es: 'No pudo ingresar' },
    'session.lock': { en: 'Locked out for a while', es: 'Bloqueo temporal' },
    'session.slow': { en: 'Unknown devices slowed down', es: 'Dispositivos desconocidos, más despacio' },
    'session.end': { en: 'Signed out', es: 'Salió' },
    'session.end_others': { en: 'Ended other sessions', es: 'Terminó otras sesiones' },
    'setup.complete': { en: 'Set bodega up', es: 'Configuró bodega' },
    'entry.create': { en: 'Added', es: 'Agregó' },
    'entry.replace': { en: 'Uploaded a new version', es: 'Subió una versión nueva' },
    'entry.rename': { en: 'Renamed', es: 'Renombró' },
    'entry.move': { en: 'Moved', es: 'Movió' },
    'entry.copy': { en: 'Copied', es: 'Copió' },
    'entry.trash': { en: 'Deleted', es: 'Eliminó' },
    'entry.restore': { en: 'Restored', es: 'Restauró' },
    'entry.delete': { en: 'Deleted for good', es: 'Eliminó para siempre' },
    'job.start': { en: 'Began work on many files', es: 'Inició un trabajo con muchos archivos' },
    'job.cancel': { en: 'Stopped work on many files', es: 'Detuvo un trabajo con muchos archivos' },
    'trash.empty': { en: 'Emptied the trash', es: 'Vació la papelera' },
    'entry.date': { en: 'Dated', es: 'Cambió la fecha' },
    'version.delete': { en: 'Deleted a version', es: 'Eliminó una versión' },
    'version.restore': { en: 'Restored a version', es: 'Restauró una versión' },
    'token.create': { en: 'Made a token', es: 'Creó un token' },
    'token.delete': { en: 'Revoked a token', es: 'Revocó un token' },
    'token.delete_all': { en: 'Revoked all tokens', es: 'Revocó todos los tokens' },
    'user.create': { en: 'Made an account', es: 'Creó una cuenta' },
    'user.role': { en: 'Changed a role', es: 'Cambió un rol' },
    'user.quota': { en: 'Changed an account’s limit', es: 'Cambió el límite de una cuenta' },
    'user.password': { en: 'Changed a password', es: 'Cambió una contraseña' },
    'user.disable': { en: 'Disabled an account', es: 'Desactivó una cuenta' },
    'user.enable': { en: 'Enabled an account', es: 'Activó una cuenta' },
    'user.unlock': { en: 'Lifted a lock-out', es: 'Levantó un bloqueo' },
    'user.delete': { en: 'Deleted an account', es: 'Eliminó una cuenta' },
    'space.create': { en: 'Made a space', es: 'Creó un espacio' },
    'space.rename': { en: 'Renamed a space', es: 'Renombró un espacio' },
    'space.quota': { en: 'Changed a space’s limit', es: 'Cambió el límite de un espacio' },
    'node.drain': { en: 'Drained a node', es: 'Drenó un nodo' },
    'node.undrain': { en: 'Put a node back', es: 'Devolvió un nodo al servicio' },
    'node.stop': { en: 'Drained and ended a node', es: 'Drenó y detuvo un nodo' },
    'certificate.forget': { en: 'Removed the fleet’s certificate', es: 'Quitó el certificado de la flota' },
    'member.add': { en: 'Added a member', es: 'Agregó un miembro' },
    'member.change': { en: 'Changed a member’s role', es: 'Cambió el rol de un miembro' },
    'member.remove': { en: 'Removed a member', es: 'Quitó un miembro' },
};

export const knownActions: readonly string[] = Object.keys(names);
export const actionName = (action: string): string => names[action]?.[language.value] ?? action;

// Labels of an action's details. A key without a label is a member's user name.
const facts: Record<string, Record<Language, string>> = {
    count: { en: 'how many', es: 'cuántos' },
    ended: { en: 'ended', es: 'terminó' },
    from: { en: 'from', es: 'desde' },
    from_folder: { en: 'from the folder', es: 'desde la carpeta' },
    of: { en: 'of', es: 'de' },
    parent_id: { en: 'to the folder', es: 'a la carpeta' },
    role: { en: 'role', es: 'rol' },
    scope: { en: 'scope', es: 'alcance' },
    to: { en: 'now', es: 'ahora' },
    to_folder: { en: 'to the folder', es: 'a la carpeta' },
    username: { en: 'user name', es: 'nombre de usuario' },
    version: { en: 'version', es: 'versión' },
};
const values: Record<string, Record<Language, string>> = {
    account: { en: 'the account', es: 'la cuenta' },
    network: { en: 'the network', es: 'la red' },
    address: { en: 'the address', es: 'la dirección' },
};
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

export const factName = (key: string): string => facts[key]?.[language.value] ?? key;

export function factValue(key: string, value: string): string {
    if (ownWords.includes(key)) return value;
    const ended = /^(\d+) sessions? and (\d+) tokens?$/.exec(value);
    if (ended) return `${t('audit.sessions', { n: Number(ended[1]) })}, ${t('audit.tokens', { n: Number(ended[2]) })}`;
    const known = key === 'scope' ? scopes[value] : roles[value];
    return known ? t(known) : (values[value]?.[language.value] ?? value);
}
