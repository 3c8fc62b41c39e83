// Shows uploads in all tabs of a user: the tab that sends them broadcasts their progress, and obeys commands from the
// others. Messages hold names and numbers, never files.
import { effect, signal } from '@preact/signals';
import { me, onAccountChange } from '../session';

export interface MirroredRow {
    key: string;
    name: string;
    state: string;
    text: string;
    part: number | null;
}

export interface Snapshot {
    tab: string;
    user: string;
    at: number; // when it was received, milliseconds
    open: number;
    all: number;
    part: number;
    headline: string;
    rows: readonly MirroredRow[];
}

export type Command = 'pause' | 'resume' | 'cancel';

type Message =
    ({ said: 'uploads' } & Snapshot) | { said: 'asked' } | { said: 'do'; tab: string; key: string; command: Command };

export const rowsTold = 50;
const every = 500; // milliseconds between two snapshots that differ
const alive = 2000; // and between two equal ones
const lostAfter = 6000; // milliseconds without a snapshot: the tab has closed

export const mirrors = signal<readonly Snapshot[]>([]);

let channel: BroadcastChannel | null = null;

const without = (tab: string): Snapshot[] => mirrors.peek().filter((other) => other.tab !== tab);

function hear(
    { data }: MessageEvent<Message>,
    tell: () => void,
    obey: (key: string, command: Command) => void,
    tab: string,
): void {
    if (data.said === 'asked') tell();
    else if (data.said === 'do') {
        if (data.tab === tab) obey(data.key, data.command);
    } else if (data.user !== me.peek()?.id || data.open === 0) mirrors.value = without(data.tab);
    else mirrors.value = [...without(data.tab), { ...data, at: Date.now() }].sort((a, b) => (a.tab < b.tab ? -1 : 1));
}

// `look` reads signals and returns what this tab sends; `obey` runs a command of another tab.
export function mirrorUploads(
    tab: string,
    look: () => Omit<Snapshot, 'tab' | 'user' | 'at'>,
    obey: (key: string, command: Command) => void,
): void {
    if (typeof BroadcastChannel === 'undefined') return;
    const made = new BroadcastChannel('bodega.uploads');
    const send = (message: Message): void => made.postMessage(message);
    channel = made;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let toldAny = false;
    let due = 0;
    const tell = (): void => {
        clearTimeout(timer);
        const user = me.peek()?.id;
        const now = look();
        if (!user || (!now.open && !toldAny)) return;
        toldAny = now.open > 0;
        due = Date.now() + every;
        send({ said: 'uploads', tab, user, at: 0, ...now });
        if (now.open) timer = setTimeout(tell, alive);
    };
    made.onmessage = (event: MessageEvent<Message>) => hear(event, tell, obey, tab);
    effect(() => {
        look();
        clearTimeout(timer);
        timer = setTimeout(tell, Math.max(0, due - Date.now()));
    });
    window.addEventListener(
        'pagehide',
        () =>
            toldAny &&
            send({
                said: 'uploads',
                tab,
                user: me.peek()?.id ?? '',
                at: 0,
                open: 0,
                all: 0,
                part: 1,
                headline: '',
                rows: [],
            }),
    );
    onAccountChange(() => (mirrors.value = []));
    setInterval(() => {
        const fresh = mirrors.peek().filter((one) => Date.now() - one.at < lostAfter);
        if (fresh.length < mirrors.peek().length) mirrors.value = fresh;
    }, alive);
    send({ said: 'asked' });
}

export function askTab(tab: string, key: string, command: Command): void {
    const message: Message = { said: 'do', tab, key, command };
    channel?.postMessage(message);
}
