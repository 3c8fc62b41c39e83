// Runs axe on one page at four widths in both themes. It is injected once, because separate runs would take minutes.
import { createRequire } from 'node:module';

const require = createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright'));
const { source } = require('axe-core');

export const widths = [390, 768, 1024, 1440];
export const themes = ['light', 'dark'];

const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

// axe's findings on the current page, as text.
async function violations(page, where) {
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
    const found = await page.evaluate(async () => {
        const { violations: all } = await window.axe.run(document, { resultTypes: ['violations'] });
        return all.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.slice(0, 3).map((node) => `${node.target.join(' ')}  ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`).join('\n  ')}`);
    });
    return found.map((text) => `${where}: ${text}`);
}

// Elements that need horizontal scrolling, except texts and code.
const sideways = () => [document.documentElement, ...document.querySelectorAll('body *')]
    .filter((one) => one.scrollWidth > one.clientWidth + 1 && (one === document.documentElement || /auto|scroll/.test(getComputedStyle(one).overflowX)) && !one.closest('pre, code'))
    .map((one) => `scrolls sideways: ${one.tagName} ${one.className}`);

// Buttons and links whose text is cut off.
const cut = () => [...document.querySelectorAll('.button, .menu-item, .phone-bar > *, .nav-link[type], .segments label')]
    .filter((one) => one.checkVisibility() && !one.matches('.person-button') && [one, ...one.querySelectorAll('span')].some((part) => !part.matches('.unseen') && part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0 && getComputedStyle(part).display !== 'inline'))
    .map((one) => `cut: ${one.className} ${one.textContent}`);

// `show` brings the page into its state, at each width again if `each`.
export async function clean_everywhere(page, show, { each = false } = {}) {
    const found = [];
    if (!each) await show();
    for (const width of widths) {
        await page.setViewportSize({ width, height: width < 720 ? 844 : 900 });
        if (each) await show(width);
        for (const theme of themes) {
            await page.emulateMedia({ colorScheme: theme });
            await page.evaluate(painted);
            found.push(...(await violations(page, `${theme} ${width}`)));
            found.push(...[...(await page.evaluate(sideways)), ...(await page.evaluate(cut))].map((text) => `${theme} ${width}: ${text}`));
        }
    }
    if (found.length) throw new Error(`${page.url()}\n${found.join('\n')}`);
}
