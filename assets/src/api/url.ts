// All URLs of the app: of its pages, of the API, of what links and images show. The server may serve the app below a
// base path ("/files/"), which the page names in <meta name="base-path">.

// The base path of a page, with a slash at both ends; "/" if it names none that is valid.
export function basePathOf(content: string | null | undefined): string {
    return content && /^\/(?:[\w.~-]+\/)*$/.test(content) ? content : '/';
}

const meta = typeof document === 'undefined' ? null : document.querySelector('meta[name="base-path"]');

export const basePath = basePathOf(meta?.getAttribute('content'));

// The part of a URL's path below the base path, with a slash in front; null: outside of the app.
export function pathInApp(pathname: string): string | null {
    if (pathname + '/' === basePath) return '/';
    return pathname.startsWith(basePath) ? pathname.slice(basePath.length - 1) : null;
}

// Whether a URL's path is a page's, and not of the API.
export const isPageUrl = (pathname: string): boolean => pathInApp(pathname)?.startsWith('/api/') === false;

// A path of the API, below api/v1/. Each value is encoded as one segment, and a query only comes last, so no id or name
// can turn a path into that of another call.
export type ApiPath = string & { readonly madeBy: 'path' };

export class Query {
    constructor(readonly text: string) {}
    toString(): string {
        return this.text;
    }
}

function segment(value: string | number): string {
    const text = encodeURIComponent(value);
    if (['', '.', '..'].includes(text)) throw new RangeError(`no segment of a path: "${text}"`);
    return text;
}

// path`entries/${id}/children${query({ limit })}`
export function path(parts: TemplateStringsArray, ...values: (string | number | Query)[]): ApiPath {
    const said = values.map((value) => (value instanceof Query ? value.text : segment(value)));
    return parts.map((part, at) => part + (said[at] ?? '')).join('') as ApiPath;
}

type Values = Record<string, string | number | boolean | null | undefined>;

// "?a=1&b=2" from the given values; null, undefined and "" are left out.
export function query(values: Values): Query {
    const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== '');
    return new Query(
        given.length ? '?' + new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString() : '',
    );
}

// The URL of a call, a link, an image or a player.
export const urlOf = (to: ApiPath): string => `${basePath}api/v1/${to}`;

const page = (path: string): string => basePath + path;

export const urls = {
    home: basePath,
    setup: page('setup'),
    profile: page('profile'),
    tokens: page('profile#tokens'),
    users: page('admin/users'),
    spaces: page('admin/spaces'),
    nodes: page('admin/nodes'),
    audit: (filter: Values = {}): string => page(`admin/audit${query(filter).text}`),
    signIn: (next: string | null = null): string => page(`sign-in${query({ next }).text}`),
    search: (q: string, space: string | null): string => page(`search${query({ q, space }).text}`),
    folder: (id: string): string => page(`folders/${id}`),
    file: (id: string): string => page(`files/${id}`),
    space: (id: string): string => page(`spaces/${id}`),
    // The trash of a space, or a trashed folder in it.
    trash: (space: string, folder: string | null = null): string => page(`trash/${space}${query({ in: folder }).text}`),
};
