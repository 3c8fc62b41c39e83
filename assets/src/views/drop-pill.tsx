// Says what a drop would do while something is dragged.
import { t } from '../i18n/language';
import { promise } from '../model/dragging';
import { Icon } from '../components/icon';

export function DropPill() {
    const now = promise.value;
    if (!now) return null;
    return (
        <div class="drop-pill">
            <Icon
                name={now.action === 'upload' ? 'upload' : now.action === 'copy' ? 'copy' : 'folderInput'}
                size={16}
            />
            <span>
                {t(now.action === 'upload' ? 'drop.upload' : now.action === 'copy' ? 'drop.copy' : 'drop.move', {
                    n: now.n,
                    folder: now.folder,
                })}
            </span>
        </div>
    );
}
