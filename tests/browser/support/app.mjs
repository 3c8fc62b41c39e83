// A user's steps in the app, so that tests read like what they test.
import { eventually } from './browser.mjs';

export const password = 'roble cedro nogal 14';

export class App {
    constructor(page, t) {
        this.page = page;
        this.t = t;
    }

    row(name) {
        return this.page.locator('[data-id]').filter({ has: this.page.locator(`.name[title="${name}"]`) });
    }

    async names() {
        return this.page.locator('[data-id] .name').evaluateAll((found) => found.map((name) => name.title));
    }

    async sees(...names) {
        for (const name of names) await this.row(name).first().waitFor();
    }

    async sees_not(name) {
        await eventually(async () => (await this.row(name).count()) === 0, `${name} is gone`);
    }

    async sign_in(username, secret = password) {
        const { page, t } = this;
        await page.getByLabel(t('account.username')).fill(username);
        await page.getByLabel(t('account.password'), { exact: true }).fill(secret);
        await page.locator('form button[type=submit]').click();
    }

    async new_menu(key) {
        await this.page.locator('.new-button').click();
        await this.page.getByRole('menuitem', { name: this.t(key), exact: true }).click();
    }

    async choose(key, paths) {
        const [chooser] = await Promise.all([this.page.waitForEvent('filechooser'), this.new_menu(key)]);
        await chooser.setFiles(paths);
    }

    async new_folder(name) {
        await this.new_menu('new.folder');
        await this.page.getByLabel(this.t('column.name')).fill(name);
        await this.page.keyboard.press('Enter');
        await this.sees(name);
    }

    // Waits until the tray says that nothing is left to do.
    async uploaded() {
        const done = this.page.locator('.upload.done, .upload.skipped');
        await eventually(async () => (await done.count()) > 0 && (await this.page.locator('.upload:not(.done):not(.skipped)').count()) === 0, 'all uploads are done', 60_000);
        await this.page.locator('.tray-head').getByLabel(this.t('action.close')).click();
    }

    async open(name) {
        await this.row(name).dblclick();
    }

    async select(name, how = {}) {
        await this.row(name).locator('.name').click(how);
    }

    async toast(text) {
        await this.page.locator('.toast', { hasText: text }).waitFor();
    }

    async undo() {
        await this.page.locator('.toast-action').last().click();
    }

    async chosen(key) {
        await this.page.locator('.chosen').getByRole('button', { name: this.t(key), exact: true }).click();
    }

    // In the dialog with the tree.
    async pick(folder, key) {
        const dialog = this.page.locator('dialog[open]').last();
        await dialog.getByRole('treeitem', { name: folder, exact: true }).click();
        await dialog.getByRole('button', { name: this.t(key), exact: true }).click();
        await dialog.waitFor({ state: 'detached' });
    }

    // Drags an entry over `target`, and drops it only when the page shows that it would accept it.
    async drag(source, target) {
        await source.hover();
        await this.page.mouse.down();
        await target.hover();
        await target.hover(); // the first move may only begin the drag
        await this.page.locator('[data-lit]').waitFor();
        await this.page.mouse.up();
    }

    // Drops real files from outside on `target`.
    async drop(paths, target) {
        let box = null; // null while a changed list replaces it
        await eventually(async () => (box = await target.boundingBox()), 'where to drop is shown');
        const at = { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
        const session = await this.page.context().newCDPSession(this.page);
        const data = { items: [], files: paths, dragOperationsMask: 1 };
        for (const type of ['dragEnter', 'dragOver', 'drop']) await session.send('Input.dispatchDragEvent', { type, ...at, data });
        await session.detach();
    }
}
