// What a job could not do: each item with the reason, and another try.
import { useState } from 'preact/hooks';
import { t } from '../../i18n/language';
import { reason_text, try_again } from '../../model/bulk-actions';
import { first_failed, type FollowedJob } from '../../model/jobs';
import { Button } from '../../components/button';
import { Name } from '../../components/small';
import { useLoaded } from '../use-loaded';

export function FailedItems({ followed }: { followed: FollowedJob }) {
    const [open, set_open] = useState(false);
    const [tried, set_tried] = useState(false);
    const { act, failed } = followed.now.value;
    const again = (): void => {
        set_tried(true);
        try_again(followed).then((begun) => begun || set_tried(false), () => set_tried(false));
    };
    if (tried) return null; // the other try has a row of its own
    return (
        <>
            <div class="job-failed">
                <Button quiet aria-expanded={open} onClick={() => set_open(!open)}>{t(`job.not_${act}`, { n: failed })}</Button>
                <Button quiet onClick={again}>{t('act.try_again')}</Button>
            </div>
            {open && <Reasons id={followed.id} failed={failed} />}
        </>
    );
}

function Reasons({ id, failed }: { id: string; failed: number }) {
    const { value, fault } = useLoaded(() => first_failed(id), [id]);
    if (fault) return <p class="wrong">{fault}</p>;
    if (!value) return null;
    return (
        <ul class="job-reasons">
            {value.map((item) => (
                <li key={item.id}>
                    {item.name !== null && <Name name={item.name} />}
                    <p>{reason_text(item)}</p>
                </li>
            ))}
            {failed > value.length && <li><p>{t('job.more', { n: failed - value.length })}</p></li>}
        </ul>
    );
}
