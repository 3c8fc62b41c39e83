// Debian's chromium, driven by playwright-core; each visit has a fresh profile and reports errors in its page.
import { AxeBuilder } from '@axe-core/playwright';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const open_pages = new Set();

// With BODEGA_BROWSER_SHOTS=FOLDER: screenshots of all open pages when a check failed.
export async function photograph(name) {
    const folder = process.env.BODEGA_BROWSER_SHOTS;
    if (!folder) return;
    for (const page of open_pages) await page.screenshot({ path: join(folder, `${name.replace(/[^\w]+/g, '-')}.png`) }).catch(() => undefined);
}

const locales = { en: 'en-US', es: 'es-MX' };

// {language, dark, phone} → {page, faults, close}. faults: errors of scripts and refusals of the Content-Security-Policy.
export async function visit(url, { language = 'en', dark = false, phone = false } = {}) {
    const profile = mkdtempSync(join(tmpdir(), 'bodega-profile-'));
    const context = await chromium.launchPersistentContext(profile, {
        executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
        args: flags,
        baseURL: url,
        ignoreHTTPSErrors: true,
        locale: locales[language],
        timezoneId: 'America/Mexico_City',
        colorScheme: dark ? 'dark' : 'light',
        reducedMotion: 'reduce',
        viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 800 },
        hasTouch: phone,
        isMobile: phone,
        acceptDownloads: true,
    });
    const page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(20_000);
    open_pages.add(page);
    const faults = [];
    page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
    page.on('console', (message) => {
        if (/Content Security Policy|Refused to/.test(message.text())) faults.push(`policy: ${message.text()}`);
    });
    page.on('dialog', (dialog) => void dialog.accept()); // "leave the page?" during uploads
    // The picker of the File System Access API can't be driven; <input type=file> can.
    await page.addInitScript(() => delete window.showOpenFilePicker);
    const close = async () => {
        open_pages.delete(page);
        await context.close();
        rmSync(profile, { recursive: true, force: true });
    };
    return { page, context, faults, close };
}

// No violation that axe can find, or an error that names them.
export async function accessible(page) {
    const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).analyze();
    if (!violations.length) return;
    const told = violations.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.slice(0, 4).map((node) => `${node.target.join(' ')}  ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`).join('\n  ')}`);
    throw new Error(`axe at ${page.url()}:\n${told.join('\n')}`);
}

export function equal(got, wanted, what = 'value') {
    const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
    if (a !== b) throw new Error(`${what}: got ${a}, wanted ${b}`);
}

export function truth(fact, what) {
    if (!fact) throw new Error(what);
}

// Waits until `fact()` holds.
export async function eventually(fact, what, limit = 20_000) {
    const until = Date.now() + limit;
    for (;;) {
        if (await fact()) return;
        if (Date.now() > until) throw new Error(`not within ${limit / 1000} s: ${what}`);
        await new Promise((done) => setTimeout(done, 60));
    }
}
