// The content of a preview, by kind.
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { contentUrl } from '../../api/entries';
import { isAbort } from '../../api/error';
import type { Entry } from '../../api/shapes';
import { size } from '../../i18n/format';
import { t } from '../../i18n/language';
import { previewKind, textLimit } from '../../model/kinds';
import { encodingOf, encodings, textOf, type Encoding } from '../../model/text';
import { Select } from '../../components/field';
import { Skeleton } from '../../components/skeleton';
import { NoPreview } from './no-preview';

export function Content({ entry }: { entry: Entry }) {
    const [broken, setBroken] = useState(false);
    const failed = useCallback((): void => setBroken(true), []);
    const kind = previewKind(entry);
    const source = contentUrl(entry, 'inline');
    if (entry.size === 0) return <NoPreview entry={entry} why={t('preview.empty')} />;
    if (broken || !kind) return <NoPreview entry={entry} why={t(broken ? 'preview.broken' : 'preview.none')} />;
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
    const [bytes, setBytes] = useState<Uint8Array | null>(null);
    const [chosen, setChosen] = useState<Encoding | null>(null);
    const cut = entry.size > textLimit;
    useEffect(() => {
        const stop = new AbortController();
        fetch(source, { signal: stop.signal, headers: cut ? { Range: `bytes=0-${textLimit - 1}` } : {} })
            .then(async (answer) => (answer.ok ? setBytes(new Uint8Array(await answer.arrayBuffer())) : failed()))
            .catch((error: unknown) => isAbort(error) || failed());
        return () => stop.abort();
    }, [source, cut, failed]);
    const detected = useMemo(() => bytes && encodingOf(bytes, cut), [bytes, cut]);
    const encoding = chosen ?? detected;
    const text = useMemo(() => bytes && encoding && textOf(bytes, encoding, cut), [bytes, encoding, cut]);
    if (text === null || !encoding) return <Skeleton />;
    const options = Object.entries(encodings).map(
        ([label, name]) =>
            [label as Encoding, label === detected ? t('preview.detected', { encoding: name }) : name] as const,
    );
    return (
        <div class="preview-page">
            <div class="preview-bar">
                {cut && <p role="status">{t('preview.beginning', { size: size(textLimit), all: size(entry.size) })}</p>}
                <Select
                    label={t('preview.encoding')}
                    unlabelled
                    value={encoding}
                    options={options}
                    onChoice={setChosen}
                />
            </div>
            <pre class="preview-text" tabIndex={0} aria-label={entry.name}>
                {text}
            </pre>
        </div>
    );
}
