// Jobs in the tray: what they do, their progress, stop and undo.
import type { Job } from '../../api/shapes';
import { t } from '../../i18n/language';
import { undoJob } from '../../model/bulk-actions';
import { allFoldersChanged } from '../../model/folders';
import { inverseOf, isOpen, isUndone, jobs, dismissJob, stopJob, type FollowedJob } from '../../model/jobs';
import { spacesChanged } from '../../model/spaces';
import { explain } from '../../model/error-text';
import { showError } from '../../model/toasts';
import { trashChanged } from '../../model/trash';
import { IconButton } from '../../components/button';
import { Icon } from '../../components/icon';
import { Progress } from '../../components/progress';
import { FailedItems } from './failed';
import type { Kind } from './kind';

export function jobText(job: Job, folder: string): string {
    const n = job.total;
    switch (job.act) {
        case 'trash':
            return t('job.trash', { n });
        case 'move':
            return job.parent_id ? t('job.move', { n, folder: folder || '…' }) : t('job.move_back', { n });
        case 'copy':
            return folder ? t('job.copy', { n, folder }) : t('job.copy_somewhere', { n });
        case 'restore':
            return t('job.back', { n });
        case 'erase':
            return t('job.erase', { n });
    }
}

function stateText(followed: FollowedJob): string {
    const job = followed.now.value;
    if (job.state === 'gathering') return t('job.counting');
    if (isOpen(job)) return t('job.part', { done: job.done + job.failed, total: job.total });
    if (isUndone(followed)) return t('job.undone');
    if (job.state === 'cancelled') return t('job.stopped', { done: job.done, total: job.total });
    return t('job.done', { n: job.done });
}

const everythingChanged = (): void => {
    allFoldersChanged();
    trashChanged();
    spacesChanged();
};

const stop = (followed: FollowedJob): void =>
    void stopJob(followed).catch((error: unknown) => showError(explain(error)));

function JobRow({ followed }: { followed: FollowedJob }) {
    const job = followed.now.value;
    const open = isOpen(job);
    const what = jobText(job, followed.folder.value);
    const share = job.total ? (job.done + job.failed) / job.total : 0;
    const undo = inverseOf(job.act) !== undefined && !isUndone(followed) && (open || job.done > 0);
    return (
        <li class={`upload job ${job.state}`}>
            <Icon
                name={
                    job.act === 'trash' || job.act === 'erase'
                        ? 'trash'
                        : job.act === 'copy'
                          ? 'copy'
                          : job.act === 'restore'
                            ? 'restore'
                            : 'folderInput'
                }
                size={20}
            />
            <div class="upload-text">
                <p class="job-what">{what}</p>
                <p>{stateText(followed)}</p>
                {!open && job.failed > 0 && <FailedItems followed={followed} />}
                {open && <Progress thin part={share} label={what} />}
            </div>
            {undo && (
                <IconButton
                    icon="undo"
                    size={16}
                    label={t('job.undo', { what })}
                    onClick={() => void undoJob(followed, everythingChanged)}
                />
            )}
            {open ? (
                <IconButton icon="x" size={16} label={t('job.stop', { what })} onClick={() => stop(followed)} />
            ) : (
                <IconButton
                    icon="x"
                    size={16}
                    label={t('job.dismiss', { what })}
                    onClick={() => dismissJob(followed)}
                />
            )}
        </li>
    );
}

const openOnes = (): FollowedJob[] => jobs.value.filter((followed) => isOpen(followed.now.value));
const endedOnes = (): FollowedJob[] => jobs.value.filter((followed) => !isOpen(followed.now.value));

function part(): number {
    const running = openOnes().map((followed) => followed.now.value);
    const total = running.reduce((sum, job) => sum + job.total, 0);
    return total ? running.reduce((sum, job) => sum + job.done + job.failed, 0) / total : 0;
}

function headline(): string {
    const [only, ...more] = openOnes();
    if (only && !more.length) return jobText(only.now.value, only.folder.value);
    return only ? t('job.running', { n: more.length + 1 }) : t('job.over', { n: jobs.value.length });
}

export const jobRows: Kind = {
    name: 'jobs',
    open: () => openOnes().length,
    ended: () => endedOnes().length,
    failed: () => endedOnes().filter((followed) => followed.now.value.failed > 0).length,
    part,
    headline,
    clear: () => endedOnes().forEach(dismissJob),
    rows: () => <Rows key="jobs" />,
};

function Rows() {
    return (
        <ul tabIndex={0} aria-label={t('job.list')}>
            {jobs.value.map((followed) => (
                <JobRow key={followed.id} followed={followed} />
            ))}
        </ul>
    );
}
