// A line that shows while the server does not answer.
import { trouble, tryNow } from '../api/connection';
import { t } from '../i18n/language';
import { Button } from '../components/button';
import { Icon } from '../components/icon';

export function Banner() {
    const now = trouble.value;
    return (
        <div role="status" class="banner-slot">
            {now && (
                <div class="banner">
                    <Icon name="wifiOff" size={16} />
                    <span>
                        {t(
                            now.why === 'offline'
                                ? 'banner.offline'
                                : now.why === 'throttled'
                                  ? 'banner.throttled'
                                  : 'banner.unavailable',
                        )}
                    </span>
                    <Button quiet onClick={tryNow}>
                        {t('banner.now')}
                    </Button>
                </div>
            )}
        </div>
    );
}
