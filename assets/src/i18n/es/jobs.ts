// Actions on many files.
import type { jobs as english } from '../en/jobs';
import type { Translation } from '../texts';

export const jobs: Translation<typeof english> = {
    'job.back': { one: 'Devolviendo {n} elemento', other: 'Devolviendo {n} elementos' },
    'job.copy': { one: 'Copiando {n} elemento a “{folder}”', other: 'Copiando {n} elementos a “{folder}”' },
    'job.copy_somewhere': { one: 'Copiando {n} elemento', other: 'Copiando {n} elementos' },
    'job.counting': 'Contando lo que hay que hacer…',
    'job.dismiss': 'Cerrar: {what}',
    'job.done': { one: '{n} elemento listo', other: '{n} elementos listos' },
    'job.erase': { one: 'Eliminando {n} elemento para siempre', other: 'Eliminando {n} elementos para siempre' },
    'job.list': 'Trabajo con muchos archivos',
    'job.more': 'y {n} más',
    'job.move': { one: 'Moviendo {n} elemento a “{folder}”', other: 'Moviendo {n} elementos a “{folder}”' },
    'job.move_back': { one: 'Devolviendo {n} elemento a su lugar', other: 'Devolviendo {n} elementos a su lugar' },
    'job.not_copy': { one: '{n} no se copió', other: '{n} no se copiaron' },
    'job.not_erase': { one: '{n} no se eliminó', other: '{n} no se eliminaron' },
    'job.not_move': { one: '{n} no se movió', other: '{n} no se movieron' },
    'job.not_restore': { one: '{n} no se restauró', other: '{n} no se restauraron' },
    'job.not_trash': { one: '{n} no se eliminó', other: '{n} no se eliminaron' },
    'job.over': { one: 'Terminó {n} acción con muchos archivos', other: 'Terminaron {n} acciones con muchos archivos' },
    'job.part': '{done} de {total}',
    'job.running': {
        one: '{n} acción con muchos archivos en curso',
        other: '{n} acciones con muchos archivos en curso',
    },
    'job.stop': 'Detener: {what}',
    'job.stopped': 'Se detuvo después de {done} de {total}',
    'job.trash': { one: 'Moviendo {n} elemento a la papelera', other: 'Moviendo {n} elementos a la papelera' },
    'job.undo': 'Deshacer: {what}',
    'job.undone': 'Deshecho',
};
