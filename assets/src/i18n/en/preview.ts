// Previews of files.
export const preview = {
    'preview.after': 'Next file',
    'preview.before': 'Previous file',
    'preview.beginning': 'Only the first {size} of {all} are shown. Download the file to see the rest.',
    'preview.broken': 'The browser can’t show this file. Download it to open it.',
    'preview.detected': '{encoding}, detected',
    'preview.empty': 'This file is empty.',
    'preview.encoding': 'Encoding',
    'preview.none': 'There is no preview for this kind of file.',
    'preview.of': 'Preview of {name}',
    'preview.place': '{at} of {of}',
};
