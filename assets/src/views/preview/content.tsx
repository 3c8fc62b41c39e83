// What a preview shows of each kind.
import { useEffect, useState } from 'preact/hooks';
import { content_url } from '../../api/entries';
import { is_abort } from '../../api/refusal';
import type { Entry } from '../../api/shapes';
import { t } from '../../i18n/language';
import { preview_kind } from '../../model/kinds';
import { Skeleton } from '../../parts/small';
import { NoPreview } from './preview';

export function Content({ entry }: { entry: Entry }) {
    const [broken, set_broken] = useState(false);
    const kind = preview_kind(entry);
    const source = content_url(entry, 'inline');
    if (entry.size === 0) return <NoPreview entry={entry} why={t('preview.empty')} />;
    if (broken || !kind) return <NoPreview entry={entry} why={t(broken ? 'preview.broken' : 'preview.none')} />;
    const failed = (): void => set_broken(true);
    switch (kind) {
        case 'image':
            return <img class="preview-image" src={source} alt={entry.name} onError={failed} />;
        case 'video':
            return <video class="preview-video" src={source} controls autoplay playsInline onError={failed} />;
        case 'audio':
            return <audio class="preview-audio" src={source} controls autoplay onError={failed} />;
        case 'pdf':
            return <iframe class="preview-pdf" src={source} title={entry.name} />;
        case 'text':
            return <Text entry={entry} source={source} failed={failed} />;
    }
}

function Text({ entry, source, failed }: { entry: Entry; source: string; failed: () => void }) {
    const [text, set_text] = useState<string | null>(null);
    useEffect(() => {
        const stop = new AbortController();
        fetch(source, { signal: stop.signal })
            .then(async (answer) => (answer.ok ? set_text(await answer.text()) : failed()))
            .catch((error: unknown) => is_abort(error) || failed());
        return () => stop.abort();
    }, [source]);
    if (text === null) return <Skeleton />;
    return <pre class="preview-text" tabIndex={0} aria-label={entry.name}>{text}</pre>;
}
