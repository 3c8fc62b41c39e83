// Paths of the API, below /api/v1/. Each value is encoded as one segment, and a query only comes last, so no id or name
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

// The URL for a call, a link, an image or a player.
export const urlOf = (to: ApiPath): string => `/api/v1/${to}`;

// "?a=1&b=2" from the given values; null, undefined and "" are left out.
export function query(values: Record<string, string | number | boolean | null | undefined>): Query {
    const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== '');
    return new Query(
        given.length ? '?' + new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString() : '',
    );
}
