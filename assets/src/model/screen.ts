// Media queries as signals.
import { signal, type Signal } from '@preact/signals';

function media(text: string): Signal<boolean> {
    if (typeof matchMedia === 'undefined') return signal(false);
    const list = matchMedia(text);
    const made = signal(list.matches);
    list.addEventListener('change', () => (made.value = list.matches));
    return made;
}

export const narrow = media('screen and (max-width: 719px)');
export const rail = media('(min-width: 720px) and (max-width: 879px)');
export const wide = media('(min-width: 1200px)'); // room for the details beside the list
export const printing = media('print');
export const touch = media('(pointer: coarse)');
