// Tells which tabs of this browser are open, so that no tab takes over uploads that another is still sending.
//
// Each tab holds a Web Lock with its own name. Browsers have no locks over plain HTTP: there a tab keeps a timestamp in
// localStorage, removes it when it closes, and answers when another tab asks. A tab that crashed counts as closed once
// its timestamp is older than 75 seconds, since browsers run the timers of hidden tabs only once a minute.

const prefix = 'bodega-tab-';
export const thisTab = `${prefix}${Math.random().toString(36).slice(2)}`;

const noteEvery = 5_000; // milliseconds
const noteHolds = 75_000;
const answerWithin = 300;

let channel: BroadcastChannel | null = null;

const note = (): void => {
    try {
        localStorage.setItem(thisTab, String(Date.now()));
    } catch {
        // no storage: only the answers count
    }
};

function takeBackNote(): void {
    try {
        localStorage.removeItem(thisTab);
    } catch {
        // there was none
    }
}

export function holdTab(): void {
    if (navigator.locks) return void navigator.locks.request(thisTab, () => new Promise(() => undefined));
    note();
    setInterval(note, noteEvery);
    window.addEventListener('pagehide', takeBackNote);
    channel = new BroadcastChannel('bodega.tabs');
    channel.addEventListener('message', ({ data }) => data === 'who' && channel?.postMessage(thisTab));
}

function notedTabs(): string[] {
    try {
        const names = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
        return names.filter((name) => Date.now() - Number(localStorage.getItem(name)) < noteHolds);
    } catch {
        return [];
    }
}

async function answeringTabs(): Promise<string[]> {
    const names: string[] = [];
    const heard = ({ data }: MessageEvent): void => void (data !== 'who' && names.push(String(data)));
    channel?.addEventListener('message', heard);
    channel?.postMessage('who');
    await new Promise((done) => setTimeout(done, answerWithin));
    channel?.removeEventListener('message', heard);
    return names;
}

export async function openTabs(): Promise<Set<string>> {
    if (!navigator.locks) return new Set([thisTab, ...notedTabs(), ...(await answeringTabs())]);
    const { held = [], pending = [] } = await navigator.locks.query();
    return new Set([thisTab, ...[...held, ...pending].map((lock) => lock.name ?? '')]);
}
