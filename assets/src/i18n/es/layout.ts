// What stands around every page.
import type { layout as english } from '../en/layout';
import type { Translation } from '../texts';

export const layout: Translation<typeof english> = {
    loading: 'Cargando',
    'nav.admin': 'Administración',
    'nav.all': 'Los {n}',
    'nav.back': 'Volver a los archivos',
    'nav.bar': 'Barra inferior',
    'nav.fewer': 'Menos',
    'nav.files': 'Archivos',
    'nav.home': 'Ir a tu espacio',
    'nav.label': 'Principal',
    'nav.person': 'Cuenta de {name}',
    'nav.profile': 'Perfil',
    'nav.sign_out': 'Salir',
    'nav.skip': 'Ir al contenido',
    'nav.team': 'Espacios del equipo',
    'page.admin': 'Esta página es para quienes administran bodega.',
    'page.none': 'Esa página no existe. Puede que la dirección esté mal escrita.',
    'theme.dark': 'Oscuro',
    'theme.light': 'Claro',
    'theme.now': 'Tema: {theme}',
    'theme.system': 'Del sistema',
    'theme.to_dark': 'Usar el tema oscuro',
    'theme.to_light': 'Usar el tema claro',
    'time.now': 'ahora mismo',
    'toasts.label': 'Mensajes',
};
