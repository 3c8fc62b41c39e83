// Copies text, also without the clipboard API (which browsers do not have on plain HTTP).

export async function copyText(text: string): Promise<boolean> {
    try {
        await navigator.clipboard.writeText(text);
        return true;
    } catch {
        return copyBySelection(text);
    }
}

function copyBySelection(text: string): boolean {
    const host = document.querySelector('dialog[open]') ?? document.body;
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'unseen';
    host.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
}
