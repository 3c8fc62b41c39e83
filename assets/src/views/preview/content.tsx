// What a preview shows of each kind.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { content_url } from '../../api/entries';
import { is_abort } from '../../api/error';
import type { Entry } from '../../api/shapes';
import { size } from '../../i18n/format';
import { t } from '../../i18n/language';
import { preview_kind, text_limit } from '../../model/kinds';
import { encoding_of, encodings, text_of, type Encoding } from '../../model/text';
import { Select } from '../../components/field';
import { Skeleton } from '../../components/small';
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

interface TextProps {
    entry: Entry;
    source: string;
    failed: () => void;
}

function Text({ entry, source, failed }: TextProps) {
    const [bytes, set_bytes] = useState<Uint8Array | null>(null);
    const [chosen, set_chosen] = useState<Encoding | null>(null);
    const cut = entry.size > text_limit;
    useEffect(() => {
        const stop = new AbortController();
        fetch(source, { signal: stop.signal, headers: cut ? { Range: `bytes=0-${text_limit - 1}` } : {} })
            .then(async (answer) => (answer.ok ? set_bytes(new Uint8Array(await answer.arrayBuffer())) : failed()))
            .catch((error: unknown) => is_abort(error) || failed());
        return () => stop.abort();
    }, [source]);
    const detected = useMemo(() => bytes && encoding_of(bytes, cut), [bytes]);
    const encoding = chosen ?? detected;
    const text = useMemo(() => bytes && encoding && text_of(bytes, encoding, cut), [bytes, encoding]);
    if (text === null || !encoding) return <Skeleton />;
    const options = Object.entries(encodings).map(([label, name]) => [label as Encoding, label === detected ? t('preview.detected', { encoding: name }) : name] as const);
    return (
        <div class="preview-page">
            <div class="preview-bar">
                {cut && <p role="status">{t('preview.beginning', { size: size(text_limit), all: size(entry.size) })}</p>}
                <Select label={t('preview.encoding')} unlabelled value={encoding} options={options} on_choice={set_chosen} />
            </div>
            <pre class="preview-text" tabIndex={0} aria-label={entry.name}>{text}</pre>
        </div>
    );
}
