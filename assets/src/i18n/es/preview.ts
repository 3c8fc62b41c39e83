// Previews of files.
import type { preview as english } from '../en/preview';
import type { Translation } from '../texts';

export const preview: Translation<typeof english> = {
    'preview.after': 'Archivo siguiente',
    'preview.before': 'Archivo anterior',
    'preview.beginning': 'Solo se muestran los primeros {size} de {all}. Descarga el archivo para ver el resto.',
    'preview.broken': 'El navegador no puede mostrar este archivo. Descárgalo para abrirlo.',
    'preview.detected': '{encoding}, detectado',
    'preview.empty': 'Este archivo está vacío.',
    'preview.encoding': 'Codificación',
    'preview.none': 'No hay vista previa para este tipo de archivo.',
    'preview.of': 'Vista previa de {name}',
    'preview.place': '{at} de {of}',
};
