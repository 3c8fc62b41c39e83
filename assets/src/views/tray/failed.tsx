// The failed items of a job with their reasons, and a retry.
import { useState } from 'preact/hooks';
import { t } from '../../i18n/language';
import { reasonText, tryAgain } from '../../model/bulk-actions';
import { firstFailed, type FollowedJob } from '../../model/jobs';
import { Button } from '../../components/button';
import { Name } from '../../components/name';
import { useLoaded } from '../use-loaded';

export function FailedItems({ followed }: { followed: FollowedJob }) {
    const [open, setOpen] = useState(false);
    const [tried, setTried] = useState(false);
    const { act: action, failed } = followed.now.value;
    const again = (): void => {
        setTried(true);
        tryAgain(followed).then(
            (begun) => begun || setTried(false),
            () => setTried(false),
        );
    };
    if (tried) return null; // the retry has its own row
    return (
        <>
            <div class="job-failed">
                <Button quiet aria-expanded={open} onClick={() => setOpen(!open)}>
                    {t(`job.not_${action}`, { n: failed })}
                </Button>
                <Button quiet onClick={again}>
                    {t('action.try_again')}
                </Button>
            </div>
            {open && <Reasons id={followed.id} failed={failed} />}
        </>
    );
}

function Reasons({ id, failed }: { id: string; failed: number }) {
    const { value, error } = useLoaded(() => firstFailed(id), id);
    if (error) return <p class="wrong">{error}</p>;
    if (!value) return null;
    return (
        <ul class="job-reasons">
            {value.map((item) => (
                <li key={item.id}>
                    {item.name !== null && <Name name={item.name} />}
                    <p>{reasonText(item)}</p>
                </li>
            ))}
            {failed > value.length && (
                <li>
                    <p>{t('job.more', { n: failed - value.length })}</p>
                </li>
            )}
        </ul>
    );
}
