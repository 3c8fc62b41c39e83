// Text to take along: a line of code with a copy button.
import { useState } from 'preact/hooks';
import { t } from '../i18n/language';
import { copy_text } from '../model/clipboard';
import { IconButton } from './button';

export function Copyable({ text, label, block = false, first = false }: { text: string; label: string; block?: boolean; first?: boolean }) {
    const [done, set_done] = useState(false);
    const copy = async (): Promise<void> => {
        set_done(await copy_text(text));
        setTimeout(() => set_done(false), 2000);
    };
    return (
        <div class={block ? 'copyable block' : 'copyable'}>
            <code tabIndex={block ? 0 : undefined}>{text}</code>
            <IconButton data-first={first || undefined} icon={done ? 'check' : 'copy'} size={16} label={done ? t('act.copied') : label} onClick={copy} />
            <span class="unseen" role="status">{done ? t('act.copied') : ''}</span>
        </div>
    );
}
