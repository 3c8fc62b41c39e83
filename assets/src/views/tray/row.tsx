// One upload in the tray.
import { percent, size } from '../../i18n/format';
import { t } from '../../i18n/language';
import { explain } from '../../model/error-text';
import { fileKind } from '../../model/kinds';
import type { Item } from '../../model/uploads/item';
import { folderName, giveAgain, queue, reopen } from '../../model/uploads/uploads';
import { IconButton } from '../../components/button';
import { Icon, KindIcon } from '../../components/icon';
import type { IconName } from '../../components/icons';
import { Name } from '../../components/name';
import { ThinProgress } from '../../components/progress';

export function words(item: Item): string {
    const { saved } = item;
    switch (item.state.value) {
        case 'waiting':
            return t('upload.waiting', { size: size(saved.size) });
        case 'sending':
            if (item.hold.value)
                return t(item.hold.value === 'connection' ? 'upload.no_connection' : 'upload.not_ready', {
                    sent: size(item.sent.value),
                    size: size(saved.size),
                });
            return item.sent.value >= saved.size && saved.size > 0
                ? t('upload.finishing')
                : t('tray.sent', { sent: size(item.sent.value), size: size(saved.size) });
        case 'paused':
            return t('upload.paused', { sent: size(item.sent.value), size: size(saved.size) });
        case 'conflict':
            return t('upload.conflict');
        case 'failed':
            return explain(item.reason.value, {
                name_taken: t('error.name_taken_in', { name: saved.name, folder: folderName(saved) }),
                not_found: t('upload.folder_gone', { folder: folderName(saved) }),
            });
        case 'fileless':
            if (item.sent.value > 0)
                return t(item.hasHandle.value ? 'upload.allow_rest' : 'upload.choose_rest', {
                    part: percent(item.sent.value / saved.size),
                });
            return t(item.hasHandle.value ? 'upload.allow' : 'upload.choose_again');
        case 'done':
            return t('upload.done', { folder: folderName(saved) });
        case 'skipped':
            return t('upload.skipped');
    }
}

async function chooseAgain(item: Item): Promise<void> {
    if (item.saved.handle && (await reopen(item, true))) return;
    // Not permitted, or not the same file. If the permission prompt took long, the chooser needs another click.
    item.hasHandle.value = false;
    item.saved.handle = null;
    const input = document.createElement('input');
    input.type = 'file';
    input.addEventListener('change', () => giveAgain([...(input.files ?? [])], item));
    input.click();
}

export function UploadRow({ item }: { item: Item }) {
    const state = item.state.value;
    const { saved } = item;
    const begun = state === 'sending' || state === 'paused' || (state === 'fileless' && item.sent.value > 0);
    return (
        <li class={`upload ${state}`}>
            <KindIcon kind={fileKind({ kind: 'file', name: saved.name, mime: null })} />
            <div class="upload-text">
                <Name name={saved.name} />
                <p class={state === 'failed' ? 'wrong' : ''}>{words(item)}</p>
                {begun && <ThinProgress part={saved.size ? item.sent.value / saved.size : 0} />}
            </div>
            <StateButton item={item} />
            {state === 'done' && (
                <span class="good" title={t('upload.finished')}>
                    <Icon name="circleCheck" size={18} />
                </span>
            )}
            {state !== 'done' && state !== 'skipped' && (
                <IconButton
                    icon="x"
                    size={16}
                    label={t('upload.cancel', { name: saved.name })}
                    onClick={() => queue.cancel(item)}
                />
            )}
        </li>
    );
}

// The action for an upload's state, besides cancel.
function StateButton({ item }: { item: Item }) {
    const label = { name: item.saved.name };
    const button = (icon: IconName, text: string, run: () => void) => (
        <IconButton icon={icon} size={16} label={text} onClick={run} />
    );
    switch (item.state.value) {
        case 'sending':
        case 'waiting':
            return button('pause', t('upload.pause', label), () => queue.pause(item));
        case 'paused':
            return button('play', t('upload.resume', label), () => queue.resume(item));
        case 'failed':
            return button('refresh', t('upload.retry', label), () => queue.resume(item));
        case 'fileless':
            return button('folderOpen', t('upload.choose', label), () => void chooseAgain(item));
        default:
            return null;
    }
}
