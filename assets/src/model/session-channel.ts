// Tells the other tabs of this browser about sign-in and sign-out. They share one cookie, so without it a tab could act
// as another account than the one it shows.

export type SessionMessage = { said: 'in'; user: string } | { said: 'out' };

let channel: BroadcastChannel | null = null;

// Receives the messages of other tabs, never the tab's own.
export function onSessionMessage(heard: (message: SessionMessage) => void): void {
    channel = new BroadcastChannel('bodega.session');
    channel.onmessage = ({ data }: MessageEvent<SessionMessage>) => heard(data);
}

export const broadcastSession = (message: SessionMessage): void => channel?.postMessage(message);
