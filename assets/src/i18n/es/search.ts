// The search by name.
import type { search as english } from '../en/search';
import type { Translation } from '../texts';

export const search: Translation<typeof english> = {
    'search.begin': 'Busca por nombre',
    'search.begin_text': 'Basta una parte del nombre de un archivo o una carpeta.',
    'search.everywhere': 'Todos los espacios',
    'search.found': { one: '{n} encontrado', other: '{n} encontrados' },
    'search.label': 'Buscar',
    'search.many': 'Más de {n} encontrados',
    'search.none': 'Nada se llama “{q}”',
    'search.none_text': 'Prueba con menos letras, o busca en todos los espacios.',
    'search.of': 'Búsqueda: {q}',
    'search.placeholder': 'Buscar',
    'search.scope': 'Dónde buscar',
};
