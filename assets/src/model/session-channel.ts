// The pages that one browser has open on this site tell each other who signed in and that somebody signed out: they share
// one cookie, so each would else act as somebody whom it does not show.

export type Word = { said: 'in'; user: string } | { said: 'out' };

let channel: BroadcastChannel | null = null;

// Hears what the other pages say; a page does not hear itself.
export function hearTabs(heard: (word: Word) => void): void {
    channel = new BroadcastChannel('bodega.session');
    channel.onmessage = ({ data }: MessageEvent<Word>) => heard(data);
}

export const tellTabs = (word: Word): void => channel?.postMessage(word);
