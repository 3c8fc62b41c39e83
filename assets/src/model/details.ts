// Whether the details panel is open. The choice is kept only where the panel stands beside the list: where it covers
// the list, pages open without it.
import { effect, signal } from '@preact/signals';
import { dockedDetails } from './preferences';
import { wide } from './screen';

export const detailsOpen = signal(wide.peek() && dockedDetails.peek());

let first = true;
effect(() => {
    const open = detailsOpen.value;
    if (!first && wide.peek()) dockedDetails.value = open;
    first = false;
});
