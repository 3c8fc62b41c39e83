// A layer over the page: on a phone, Back closes it.
import { useEffect, useRef } from 'preact/hooks';
import { cover } from '../model/layers';
import { narrow } from '../model/screen';

// Registers the layer again whenever `again` changes, for a dialog that refused to close.
export function useLayer(open: boolean, close: () => void, again: unknown = null): void {
    const latest = useRef(close);
    latest.current = close;
    useEffect(() => (open && narrow.peek() ? cover({ close: () => latest.current() }) : undefined), [open, again]);
}
