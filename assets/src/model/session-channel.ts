// The pages that one browser has open on this site tell each other who signed in and that somebody signed out: they share
// one cookie, so each would else act as somebody whom it does not show.

export type SessionMessage = { said: 'in'; user: string } | { said: 'out' };

let channel: BroadcastChannel | null = null;

// Hears what the other pages say; a page does not hear itself.
export function onSessionMessage(heard: (message: SessionMessage) => void): void {
    channel = new BroadcastChannel('bodega.session');
    channel.onmessage = ({ data }: MessageEvent<SessionMessage>) => heard(data);
}

export const broadcastSession = (message: SessionMessage): void => channel?.postMessage(message);
