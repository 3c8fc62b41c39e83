// The page's route: the address bar as a signal, and navigation without loading a page.
import { computed, signal } from '@preact/signals';
import { isPageUrl, pathInApp, urls } from '../api/url';
import { parseId } from './ids';
import { busyThen, dropStaleEntry, onBack, takeEntries } from './layers';

export type Route =
    | { page: 'home' | 'setup' | 'profile' | 'users' | 'spaces' | 'audit' | 'nodes' | 'unknown' }
    | { page: 'sign-in'; next: string }
    | { page: 'space'; id: string }
    | { page: 'folder'; id: string }
    | { page: 'file'; id: string }
    | { page: 'trash'; id: string }
    | { page: 'search'; q: string; space: string | null };

const fixed: Record<string, 'home' | 'setup' | 'profile' | 'users' | 'spaces' | 'audit' | 'nodes'> = {
    '/': 'home',
    '/setup': 'setup',
    '/profile': 'profile',
    '/admin/users': 'users',
    '/admin/spaces': 'spaces',
    '/admin/audit': 'audit',
    '/admin/nodes': 'nodes',
};

const nowhere = 'https://bodega.invalid';

// The path if it is a page of this app, else the first page. It is parsed as browsers do: "//host", "/\host" and
// "/\t/host" lead to another host.
export function safePath(text: string | null): string {
    const url = text?.startsWith('/') ? readUrl(text) : null;
    const known = url?.origin === nowhere && parse(url.pathname, '').page !== 'unknown';
    return known ? url.pathname + url.search : urls.home;
}

function readUrl(text: string): URL | null {
    try {
        return new URL(text, nowhere);
    } catch {
        return null;
    }
}

// The page of a URL.
export function parse(pathname: string, search: string): Route {
    const path = pathInApp(pathname) ?? '';
    const plain = path.length > 1 ? path.replace(/\/+$/, '') : path;
    const known = fixed[plain];
    if (known) return { page: known };
    const params = new URLSearchParams(search);
    if (plain === '/sign-in') return { page: 'sign-in', next: safePath(params.get('next')) };
    if (plain === '/search') return { page: 'search', q: params.get('q') ?? '', space: parseId(params.get('space')) };
    const match = /^\/(spaces|folders|files|trash)\/([^/]+)$/.exec(plain);
    const id = parseId(match?.[2]);
    if (!match || !id) return { page: 'unknown' };
    const page = { spaces: 'space', folders: 'folder', files: 'file', trash: 'trash' } as const;
    return { page: page[match[1] as keyof typeof page], id };
}

const here = (): { path: string; search: string } =>
    typeof location === 'undefined'
        ? { path: urls.home, search: '' }
        : { path: location.pathname, search: location.search };

export const address = signal(here());
const samePlace = (): boolean => here().path + here().search === address.peek().path + address.peek().search;
export const isAdministration = (page: Route['page']): boolean => ['users', 'spaces', 'audit', 'nodes'].includes(page);

export const route = computed(() => parse(address.value.path, address.value.search));
// The id of the file in the preview, which can open over any page: ?preview=ID.
export const previewed = computed(() => parseId(new URLSearchParams(address.value.search).get('preview')));

export function navigate(to: string, { replace = false } = {}): void {
    const now = address.peek();
    if (to === now.path + now.search) return;
    if (busyThen(() => navigate(to, { replace }))) return;
    const go = (how: 'replaceState' | 'pushState', steps: number): void => {
        history[how]({ depth: depth() + steps }, '', to);
        address.value = here();
    };
    if (takeEntries(() => go('replaceState', replace ? 0 : 1), replace ? 0 : 1)) return;
    go(replace ? 'replaceState' : 'pushState', replace ? 0 : 1);
}

const depth = (): number => (history.state as { depth?: number } | null)?.depth ?? 0;
export const canGoBack = (): boolean => depth() > 0;

export function withPreview(id: string | null): string {
    const { path, search } = address.peek();
    const params = new URLSearchParams(search);
    if (id) params.set('preview', id);
    else params.delete('preview');
    const text = params.toString();
    return path + (text ? `?${text}` : '');
}

// Follows a plain click on a link of this app without loading a page.
function onClick(event: MouseEvent): void {
    if (
        event.defaultPrevented ||
        event.button !== 0 ||
        event.metaKey ||
        event.ctrlKey ||
        event.shiftKey ||
        event.altKey
    )
        return;
    const link = (event.target as Element | null)?.closest?.('a[href]');
    if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || !isPageUrl(url.pathname)) return;
    event.preventDefault();
    navigate(url.pathname + url.search);
}

export function followHistory(): void {
    dropStaleEntry();
    window.addEventListener('popstate', () => (onBack() && samePlace()) || (address.value = here()));
    document.addEventListener('click', onClick);
}
