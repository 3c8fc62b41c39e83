// Accounts, for administrators.
import type { users as english } from '../en/users';
import type { Translation } from '../texts';

export const users: Translation<typeof english> = {
    'users.access': 'Sesiones y tokens',
    'users.access_of': 'Sesiones y tokens de “{name}”',
    'users.created': 'La cuenta “{name}” está lista.',
    'users.delete': 'Eliminar la cuenta',
    'users.delete_ask':
        'La cuenta “{name}” termina. Sus archivos se conservan: su espacio personal pasa a ser un espacio del equipo que tú administras. No se puede deshacer.',
    'users.delete_of': 'Eliminar “{name}”',
    'users.deleted': 'La cuenta “{name}” se eliminó. Su espacio está entre los del equipo.',
    'users.disable': 'Desactivar',
    'users.disabled': 'Desactivado',
    'users.edit': 'Rol y límite',
    'users.enable': 'Activar',
    'users.ended_sessions': { one: 'Terminó {n} sesión.', other: 'Terminaron {n} sesiones.' },
    'users.ended_tokens': { one: 'Terminó {n} token.', other: 'Terminaron {n} tokens.' },
    'users.filter': 'Filtrar por nombre',
    'users.last_admin': 'bodega conserva al menos una persona que la administra. Dale antes ese rol a alguien más.',
    'users.never': 'nunca',
    'users.new': 'Usuario nuevo',
    'users.no_sessions': 'Sin sesiones abiertas.',
    'users.no_tokens': 'Sin tokens.',
    'users.none': 'Nadie tiene ese nombre.',
    'users.now_disabled': '“{name}” ya no puede ingresar.',
    'users.now_enabled': '“{name}” puede ingresar otra vez.',
    'users.own_role': 'Otra persona que administre bodega puede cambiar tu rol.',
    'users.password_hint':
        'Al menos {n} caracteres, y nada que todos prueben. Dísela a la persona, que puede cambiarla.',
    'users.reset': 'Restablecer contraseña',
    'users.reset_done': '“{name}” tiene una contraseña nueva.',
    'users.reset_of': 'Contraseña nueva para “{name}”',
    'users.reset_text': 'Se cierran todas las sesiones de la persona, sus tokens terminan y entra con la nueva.',
    'users.role': 'Rol',
    'users.taken': 'Ya hay una cuenta llamada “{name}”. Elige otro nombre.',
    'users.title': 'Usuarios',
    'users.unlock': 'Levantar un bloqueo',
    'users.unlocked': 'Se olvidaron los intentos fallidos de “{name}”.',
};
