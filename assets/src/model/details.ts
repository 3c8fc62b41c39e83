// Whether the details of the selection are shown. Where they have room beside the list they are as they were left; where
// they lie over it, no page begins with them.
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
