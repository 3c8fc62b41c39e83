// What the window is like: narrow (a phone), touched by fingers.
import { signal, type Signal } from '@preact/signals';

function media(text: string): Signal<boolean> {
    const list = matchMedia(text);
    const made = signal(list.matches);
    list.addEventListener('change', () => (made.value = list.matches));
    return made;
}

export const narrow = media('(max-width: 719px)');
export const touch = media('(pointer: coarse)');
