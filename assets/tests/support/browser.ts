// Stand-ins for what a browser has and node does not. Imported before the modules under test, which look for it when
// they are loaded.
import './timers';

class MemoryStorage implements Storage {
    readonly #values = new Map<string, string>();
    get length(): number {
        return this.#values.size;
    }
    key = (index: number): string | null => [...this.#values.keys()][index] ?? null;
    getItem = (name: string): string | null => this.#values.get(name) ?? null;
    setItem = (name: string, value: string): void => {
        this.#values.set(name, value);
        Object.assign(this, { [name]: value }); // Object.keys() lists the names
    };
    removeItem = (name: string): void => {
        this.#values.delete(name);
        Reflect.deleteProperty(this, name);
    };
    clear = (): void => this.#values.clear();
}

export const origin = 'https://bodega.test';

interface HistoryEntry {
    state: unknown;
    url: URL;
}

// History and location. A step is taken later, as in a browser, and told by popstate.
class FakeHistory {
    entries: HistoryEntry[] = [{ state: null, url: new URL('/', origin) }];
    at = 0;

    get state(): unknown {
        return this.entries[this.at]!.state;
    }
    pushState = (state: unknown, _title: string, url?: string): void => {
        this.entries.splice(this.at + 1, Infinity, { state, url: new URL(url ?? location.href, origin) });
        this.at++;
    };
    replaceState = (state: unknown, _title: string, url?: string): void => {
        this.entries[this.at] = { state, url: new URL(url ?? location.href, origin) };
    };
    go = (steps: number): void => {
        setTimeout(() => {
            this.at = Math.max(0, Math.min(this.entries.length - 1, this.at + steps));
            window.dispatchEvent(new Event('popstate'));
        });
    };
    back = (): void => this.go(-1);
    // As if the page were loaded at this address.
    reset = (url: string): void => {
        this.entries = [{ state: null, url: new URL(url, origin) }];
        this.at = 0;
    };
}

export const browserHistory = new FakeHistory();
export const loads: string[] = []; // addresses that the app left the page for

const address = {
    get href(): string {
        return browserHistory.entries[browserHistory.at]!.url.href;
    },
    get pathname(): string {
        return new URL(address.href).pathname;
    },
    get search(): string {
        return new URL(address.href).search;
    },
    get hash(): string {
        return new URL(address.href).hash;
    },
    origin,
    replace: (url: string): void => void loads.push(url),
    reload: (): void => void loads.push(address.href),
};

// Media queries: none matches until a test says so.
const queries = new Map<string, EventTarget & { matches: boolean; media: string }>();

function mediaQuery(media: string) {
    const known = queries.get(media) ?? Object.assign(new EventTarget(), { matches: false, media });
    queries.set(media, known);
    return known;
}

export function setMedia(media: string, matches: boolean): void {
    const query = mediaQuery(media);
    query.matches = matches;
    query.dispatchEvent(new Event('change'));
}

export class FakeElement extends EventTarget {
    dataset: Record<string, string> = {};
    attributes = new Map<string, string>();
    children: FakeElement[] = [];
    parent: FakeElement | null = null;
    value = '';
    className = '';
    textContent = '';
    href = '';
    download = '';
    target = '';
    clicks = 0;
    constructor(readonly tag = 'div') {
        super();
    }
    append = (...more: FakeElement[]): void => {
        for (const child of more) child.parent = this;
        this.children.push(...more);
    };
    remove = (): void => {
        if (this.parent) this.parent.children = this.parent.children.filter((other) => other !== this);
        this.parent = null;
    };
    click = (): void => void this.clicks++;
    select = (): void => undefined;
    setAttribute = (name: string, value: string): void => void this.attributes.set(name, value);
    removeAttribute = (name: string): void => void this.attributes.delete(name);
    hasAttribute = (name: string): boolean => this.attributes.has(name);
    // Knows only the selectors of the app: a[href] and [data-drop].
    closest = (selector: string): FakeElement | null => {
        const fits = selector === 'a[href]' ? this.tag === 'a' : 'drop' in this.dataset;
        return fits ? this : (this.parent?.closest(selector) ?? null);
    };
}

export const page = Object.assign(new EventTarget(), {
    title: '',
    hidden: false,
    visibilityState: 'visible',
    documentElement: new FakeElement('html'),
    body: new FakeElement('body'),
    made: [] as FakeElement[],
    createElement: (tag: string): FakeElement => {
        const element = new FakeElement(tag);
        page.made.push(element);
        return element;
    },
    querySelector: (_selector: string): FakeElement | null => null,
    execCommand: (_command: string): boolean => false,
});

// Does not keep the process alive.
class QuietChannel extends BroadcastChannel {
    constructor(name: string) {
        super(name);
        (this as unknown as { unref: () => void }).unref();
    }
}

const define = (name: string, value: unknown): void =>
    void Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

define('window', Object.assign(new EventTarget(), { innerWidth: 1280 }));
define('document', page);
define('history', browserHistory);
define('location', address);
define('localStorage', new MemoryStorage());
define('sessionStorage', new MemoryStorage());
define('matchMedia', mediaQuery);
define('navigator', { languages: ['en'] });
define('BroadcastChannel', QuietChannel);
define('HTMLAnchorElement', FakeElement);

// Lets promises and timers of no delay run.
export const settled = (ms = 5): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

// Waits for what happens soon, however slow the machine is.
export async function until(done: () => boolean, what = 'it happened'): Promise<void> {
    for (let i = 0; i < 400 && !done(); i++) await settled();
    if (!done()) throw new Error(`never: ${what}`);
}
