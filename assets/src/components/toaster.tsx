// The toasts, and the live region that reads them out.
import { dismiss, hold, release, toasts } from '../model/toasts';
import { t } from '../i18n/language';
import { IconButton } from './button';
import { Icon } from './icon';

export function Toaster() {
    return (
        <div
            class="toaster"
            role="region"
            aria-label={t('toasts.label')}
            onMouseEnter={hold}
            onMouseLeave={release}
            onFocusIn={hold}
            onFocusOut={release}
        >
            <div role="status" aria-live="polite" class="toasts">
                {toasts.value.map((toast) => (
                    <div key={toast.id} class={`toast ${toast.tone}`}>
                        {toast.tone === 'bad' && <Icon name="triangleAlert" size={16} />}
                        <p>{toast.text}</p>
                        {toast.action && (
                            <button
                                type="button"
                                class="toast-action"
                                onClick={() => (dismiss(toast.id), toast.action?.run())}
                            >
                                {toast.action.label}
                            </button>
                        )}
                        <IconButton icon="x" size={16} label={t('action.dismiss')} onClick={() => dismiss(toast.id)} />
                    </div>
                ))}
            </div>
        </div>
    );
}
