// What the frame says around every page, in both languages.

export const frameEn = {
    'action.select_all': 'Select all',
    'nav.all': 'All {n}',
    'nav.back': 'Back to the files',
    'nav.bar': 'Bottom bar',
    'nav.fewer': 'Fewer',
    'nav.files': 'Files',
    'tray.label': 'In progress',
    'tray.other_tab': 'Sent by another tab',
};

export const frameEs: { [K in keyof typeof frameEn]: (typeof frameEn)[K] } = {
    'action.select_all': 'Seleccionar todo',
    'nav.all': 'Los {n}',
    'nav.back': 'Volver a los archivos',
    'nav.bar': 'Barra inferior',
    'nav.fewer': 'Menos',
    'nav.files': 'Archivos',
    'tray.label': 'En curso',
    'tray.other_tab': 'Los envía otra pestaña',
};
