// A line of code with a copy button.
import { useState } from 'preact/hooks';
import { t } from '../i18n/language';
import { copyText } from '../model/clipboard';
import { IconButton } from './button';

export function Copyable({
    text,
    label,
    block = false,
    first = false,
}: {
    text: string;
    label: string;
    block?: boolean;
    first?: boolean;
}) {
    const [done, setDone] = useState(false);
    const copy = async (): Promise<void> => {
        setDone(await copyText(text));
        setTimeout(() => setDone(false), 2000);
    };
    return (
        <div class={block ? 'copyable block' : 'copyable'}>
            <code tabIndex={block ? 0 : undefined}>{text}</code>
            <IconButton
                data-first={first || undefined}
                icon={done ? 'check' : 'copy'}
                size={16}
                label={done ? t('action.copied') : label}
                onClick={() => void copy()}
            />
            <span class="unseen" role="status">
                {done ? t('action.copied') : ''}
            </span>
        </div>
    );
}
