// Tracks whether the keyboard is in use. Pages move the focus by themselves, and its ring is only shown then.
const silent = new Set(['Shift', 'Control', 'Alt', 'Meta']);

export function watchModality(): void {
    const { classList } = document.documentElement;
    document.addEventListener('keydown', ({ key }) => silent.has(key) || classList.add('by-keys'), true);
    document.addEventListener('pointerdown', () => classList.remove('by-keys'), true);
}
