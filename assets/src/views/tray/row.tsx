// One upload in the tray.
import { percent, size } from '../../i18n/format';
import { t } from '../../i18n/language';
import { explain } from '../../model/error-text';
import { fileKind } from '../../model/kinds';
import type { Item } from '../../model/uploads/item';
import { folderName, giveAgain, queue, reopen } from '../../model/uploads/uploads';
import { IconButton } from '../../components/button';
import { Icon, KindIcon } from '../../components/icon';
import { Name } from '../../components/small';

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
    // Not allowed, or not that file any more. Where the question took its time the chooser needs another click.
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
    const part = saved.size ? item.sent.value / saved.size : 0;
    const label = { name: saved.name };
    return (
        <li class={`upload ${state}`}>
            <KindIcon kind={fileKind({ kind: 'file', name: saved.name, mime: null })} />
            <div class="upload-text">
                <Name name={saved.name} />
                <p class={state === 'failed' ? 'wrong' : ''}>{words(item)}</p>
                {(state === 'sending' || state === 'paused' || (state === 'fileless' && item.sent.value > 0)) && (
                    <div class="progress thin" aria-hidden="true">
                        <div style={{ width: `${part * 100}%` }} />
                    </div>
                )}
            </div>
            {(state === 'sending' || state === 'waiting') && (
                <IconButton icon="pause" size={16} label={t('upload.pause', label)} onClick={() => queue.pause(item)} />
            )}
            {state === 'paused' && (
                <IconButton
                    icon="play"
                    size={16}
                    label={t('upload.resume', label)}
                    onClick={() => queue.resume(item)}
                />
            )}
            {state === 'failed' && (
                <IconButton
                    icon="refresh"
                    size={16}
                    label={t('upload.retry', label)}
                    onClick={() => queue.resume(item)}
                />
            )}
            {state === 'fileless' && (
                <IconButton
                    icon="folderOpen"
                    size={16}
                    label={t('upload.choose', label)}
                    onClick={() => void chooseAgain(item)}
                />
            )}
            {state === 'done' ? (
                <span class="good" title={t('upload.finished')}>
                    <Icon name="circleCheck" size={18} />
                </span>
            ) : (
                state !== 'skipped' && (
                    <IconButton
                        icon="x"
                        size={16}
                        label={t('upload.cancel', label)}
                        onClick={() => queue.cancel(item)}
                    />
                )
            )}
        </li>
    );
}
