// Signs out: asks about unfinished uploads, and removes the names of their files from the browser.
import { t } from '../i18n/language';
import { confirm } from './dialogs';
import { leave, me } from './session';
import { explain } from './error-text';
import { showError } from './toasts';
import { forgetUploads, unfinishedUploads } from './uploads/uploads';

export async function signOut(): Promise<void> {
    const user = me.peek()?.id;
    if (!user) return;
    const n = await unfinishedUploads(user);
    if (n && !(await confirm({ title: t('nav.sign_out'), text: t('sign_out.uploads', { n }), yes: t('nav.sign_out') })))
        return;
    try {
        await forgetUploads(user);
        await leave();
    } catch (error) {
        showError(explain(error));
    }
}
