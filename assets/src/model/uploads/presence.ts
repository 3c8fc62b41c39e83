// Which pages of this browser are open on this site, so that none takes another's running uploads for lost.
//
// Which pages of this browser are open. Each page holds a lock with its own name, where browsers have locks: they have
// none over plain HTTP. There a page keeps a timestamp in localStorage, removes it when it closes, and answers when
// another page asks for it. A page that crashed counts as closed once its timestamp is older than a minute and some,
// since browsers run the timers of hidden pages once a minute.

const prefix = 'bodega-tab-';
export const this_tab = `${prefix}${Math.random().toString(36).slice(2)}`;

const note_every = 5_000; // milliseconds
const note_holds = 75_000;
const answer_within = 300;

let channel: BroadcastChannel | null = null;

const note = (): void => {
    try {
        localStorage.setItem(this_tab, String(Date.now()));
    } catch {
        // without storage, only the answers tell
    }
};

function take_back_note(): void {
    try {
        localStorage.removeItem(this_tab);
    } catch {
        // there was none
    }
}

export function hold_tab(): void {
    if (navigator.locks) return void navigator.locks.request(this_tab, () => new Promise(() => undefined));
    note();
    setInterval(note, note_every);
    window.addEventListener('pagehide', take_back_note);
    channel = new BroadcastChannel('bodega.tabs');
    channel.addEventListener('message', ({ data }) => data === 'who' && channel?.postMessage(this_tab));
}

function noted_tabs(): string[] {
    try {
        const names = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
        return names.filter((name) => Date.now() - Number(localStorage.getItem(name)) < note_holds);
    } catch {
        return [];
    }
}

async function answering_tabs(): Promise<string[]> {
    const names: string[] = [];
    const heard = ({ data }: MessageEvent): void => void (data !== 'who' && names.push(String(data)));
    channel?.addEventListener('message', heard);
    channel?.postMessage('who');
    await new Promise((done) => setTimeout(done, answer_within));
    channel?.removeEventListener('message', heard);
    return names;
}

export async function open_tabs(): Promise<Set<string>> {
    if (!navigator.locks) return new Set([this_tab, ...noted_tabs(), ...(await answering_tabs())]);
    const { held = [], pending = [] } = await navigator.locks.query();
    return new Set([this_tab, ...[...held, ...pending].map((lock) => lock.name ?? '')]);
}
