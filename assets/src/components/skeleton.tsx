// What shows while something loads.
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n/language';

// False until `ms` have passed: a fast answer needs no skeleton.
export function useLate(ms = 150): boolean {
    const [late, setLate] = useState(false);
    useEffect(() => {
        const timer = setTimeout(() => setLate(true), ms);
        return () => clearTimeout(timer);
    }, [ms]);
    return late;
}

export function Skeleton({ rows = 6 }: { rows?: number }) {
    const late = useLate();
    return (
        <div class="skeleton" aria-busy="true" aria-label={t('loading')} role="status">
            {late && Array.from({ length: rows }, (_, i) => <div key={i} class="skeleton-row" />)}
        </div>
    );
}
