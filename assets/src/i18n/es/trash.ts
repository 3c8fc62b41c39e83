// The trash.
import type { trash as english } from '../en/trash';
import type { Translation } from '../texts';

export const trash: Translation<typeof english> = {
    'trash.download': 'Descargar',
    'trash.empty': 'Vaciar la papelera',
    'trash.empty_ask': 'Todo lo que hay en la papelera de “{name}” se elimina para siempre. No se puede deshacer.',
    'trash.erase': 'Eliminar para siempre',
    'trash.erase_ask': {
        one: '“{name}” se elimina para siempre, con todas sus versiones. No se puede deshacer.',
        other: 'Se eliminan {n} elementos para siempre, entre ellos “{name}”. No se puede deshacer.',
    },
    'trash.folder_empty': 'No hay nada dentro',
    'trash.folder_empty_text': 'Lo que tenía se restauró o se eliminó antes.',
    'trash.folder_gone': 'una carpeta que ya no está',
    'trash.folder_note': 'En la papelera. Lo que restaures desde aquí va a donde estaba “{name}”.',
    'trash.note': 'Lo que se eliminó en este espacio.',
    'trash.note_days': {
        one: 'Lo que se eliminó en este espacio. Después de un día aquí se elimina para siempre.',
        other: 'Lo que se eliminó en este espacio. Después de {n} días aquí se elimina para siempre.',
    },
    'trash.of': 'Papelera de',
    'trash.open': 'Abrir',
    'trash.restore': 'Restaurar',
    'trash.title': 'Papelera',
};
