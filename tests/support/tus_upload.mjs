// tus-js-client as in the web app, outside of a browser: uploads one file in chunks, and prints the result.
//
// usage: tus_upload.mjs URL COOKIE FOLDER_ID FILE CHUNK PAUSE_MS [default]
//
// default: uses the client's own delays between tries: (0, 1, 3, 5) seconds without progress.
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const require = createRequire(new URL('../../assets/package.json', import.meta.url));
const { Upload } = require('tus-js-client');

const [url, cookie, folder, path, chunk, wait, delays] = process.argv.slice(2);
let retries = 0;
let chunks = 0;

const upload = new Upload(readFileSync(path), {
    endpoint: `${url}/api/v1/uploads`,
    headers: { Cookie: cookie, Origin: url },
    metadata: { parent_id: folder, filename: basename(path) },
    chunkSize: Number(chunk),
    ...(delays === 'default' ? {} : { retryDelays: [0, 300, 1000, 2000, 3000, 5000, 5000, 5000, 5000] }),
    onBeforeRequest: () => pause(Number(wait)),
    onShouldRetry: (error) => {
        retries += 1;
        const status = error.originalResponse?.getStatus() ?? 0;
        if (status) console.error(`answered ${status}`);
        return delays !== 'default' || status < 400 || status >= 500 || status === 409 || status === 423;
    },
    onChunkComplete: () => {
        chunks += 1;
        process.stderr.write(`${chunks}\n`);
    },
    onError: (error) => {
        console.error(error);
        process.exit(1);
    },
    onSuccess: ({ lastResponse }) => {
        console.log(JSON.stringify({ entry: lastResponse.getHeader('Bodega-Entry-Id'), retries, chunks }));
        process.exit(0); // whatever connection is still open
    },
});
upload.start();
