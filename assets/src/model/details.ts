// Whether the details of the selection are shown. Where they have room beside the list they are as they were left; where
// they lie over it, no page begins with them.
import { effect, signal } from '@preact/signals';
import { docked_details } from './preferences';
import { wide } from './screen';

export const details_open = signal(wide.peek() && docked_details.peek());

let first = true;
effect(() => {
    const open = details_open.value;
    if (!first && wide.peek()) docked_details.value = open;
    first = false;
});
