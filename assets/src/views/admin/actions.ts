// What the audit log's actions are called; one that is new here shows as the server names it.
import { language, type Language } from '../../i18n/language';

const names: Record<string, Record<Language, string>> = {
    'session.create': { en: 'Signed in', es: 'Ingresó' },
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
    'trash.empty': { en: 'Emptied the trash', es: 'Vació la papelera' },
    'entry.date': { en: 'Dated', es: 'Cambió la fecha' },
    'version.delete': { en: 'Deleted a version', es: 'Eliminó una versión' },
    'version.restore': { en: 'Restored a version', es: 'Restauró una versión' },
    'token.create': { en: 'Made a token', es: 'Creó un token' },
    'token.delete': { en: 'Revoked a token', es: 'Revocó un token' },
    'user.create': { en: 'Made an account', es: 'Creó una cuenta' },
    'user.role': { en: 'Changed a role', es: 'Cambió un rol' },
    'user.quota': { en: 'Changed an account’s limit', es: 'Cambió el límite de una cuenta' },
    'user.password': { en: 'Changed a password', es: 'Cambió una contraseña' },
    'user.disable': { en: 'Disabled an account', es: 'Desactivó una cuenta' },
    'user.enable': { en: 'Enabled an account', es: 'Activó una cuenta' },
    'user.delete': { en: 'Deleted an account', es: 'Eliminó una cuenta' },
    'space.create': { en: 'Made a space', es: 'Creó un espacio' },
    'space.rename': { en: 'Renamed a space', es: 'Renombró un espacio' },
    'space.quota': { en: 'Changed a space’s limit', es: 'Cambió el límite de un espacio' },
    'node.drain': { en: 'Drained a node', es: 'Drenó un nodo' },
    'node.undrain': { en: 'Put a node back', es: 'Devolvió un nodo al servicio' },
    'node.stop': { en: 'Drained and ended a node', es: 'Drenó y detuvo un nodo' },
    'member.add': { en: 'Added a member', es: 'Agregó un miembro' },
    'member.change': { en: 'Changed a member’s role', es: 'Cambió el rol de un miembro' },
    'member.remove': { en: 'Removed a member', es: 'Quitó un miembro' },
};

export const known_actions: readonly string[] = Object.keys(names);
export const action_name = (action: string): string => names[action]?.[language.value] ?? action;
