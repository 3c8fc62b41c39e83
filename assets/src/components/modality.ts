// Whether a person uses the keyboard: a page puts the focus into its list by itself, and the ring shows only to those whom it helps.
const silent = new Set(['Shift', 'Control', 'Alt', 'Meta']);

export function watchModality(): void {
    const { classList } = document.documentElement;
    document.addEventListener('keydown', ({ key }) => silent.has(key) || classList.add('by-keys'), true);
    document.addEventListener('pointerdown', () => classList.remove('by-keys'), true);
}
