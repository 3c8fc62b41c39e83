// Reads all pages of a list, one after the other.
import type { Page } from './shapes';

export async function allPages<T>(fetch: (cursor: string | null) => Promise<Page<T>>): Promise<T[]> {
    const items: T[] = [];
    for (let cursor: string | null = null; ;) {
        const page: Page<T> = await fetch(cursor);
        items.push(...page.items);
        if (page.next_cursor === null || page.next_cursor === cursor) return items;
        cursor = page.next_cursor;
    }
}
