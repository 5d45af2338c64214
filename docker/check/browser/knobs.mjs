// What the scripts that turn the Explorer's knobs share.
import { idle, menu } from './lab.mjs';

export const WAIT = 120_000; // milliseconds for the first figure, which compiles a network

export const figure = '.jp-Notebook .jp-OutputArea-output img[src^="data:image/svg"]';

export const slider = '.jp-Notebook input[type=range]';

// start runs the cells above the Explorer's and that one, none behind it, their old outputs cleared.
export async function start(page) {
  await idle(page);
  await page.locator('.jp-Notebook .jp-CodeCell', { hasText: 'plots.Explore(' }).locator('.jp-InputPrompt').first().click();
  await menu(page, 'Edit', 'Clear Outputs of All Cells');
  await menu(page, 'Run', 'Run All Above Selected Cell');
  await menu(page, 'Run', /^Run Selected Cell\b(?! and)/);
}

// drag sets the slider as a hand does.
export function drag(page, position) {
  return page.locator(slider).first().evaluate((input, position) => {
    input.value = position;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }, position);
}

// move sets the slider likewise and returns the milliseconds until another figure is there.
export function move(page, position) {
  return page.evaluate(([selector, position]) => new Promise((resolve, reject) => {
    const before = document.querySelector(selector).src;
    const begin = performance.now();
    const look = () => {
      const now = document.querySelector(selector)?.src;
      if (now && now !== before) resolve(performance.now() - begin);
      else if (performance.now() - begin > 20_000) reject(new Error(`the figure did not follow α to position ${position}`));
      else requestAnimationFrame(look);
    };
    const slider = document.querySelector('.jp-Notebook input[type=range]');
    slider.value = position;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    look();
  }), [figure, position]);
}

export function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

// notebookKeys asserts that the notebook has its keys again once the focus is elsewhere: in the knobs' own cell and in the first one,
// b adds a cell below and Ctrl-S saves. Where runs is set, Shift-Enter goes on to the next cell.
export async function notebookKeys(page, runs = true) {
  const cells = page.locator('.jp-Notebook .jp-Cell');
  const own = page.locator('.jp-Notebook .jp-CodeCell', { has: page.locator('input[type=range]') }).first();
  for (const cell of [own, page.locator('.jp-Notebook .jp-CodeCell').first()]) {
    const before = await cells.count();
    await cell.locator('.jp-InputPrompt').first().click();
    await page.keyboard.press('b');
    await page.waitForFunction((n) => document.querySelectorAll('.jp-Notebook .jp-Cell').length === n, before + 1, { timeout: 10_000 });
  }
  const at = () => page.evaluate(() => [...document.querySelectorAll('.jp-Notebook .jp-Cell')].findIndex((c) => c.classList.contains('jp-mod-active')));
  const from = await at();
  if (runs) {
    await page.keyboard.press('Shift+Enter');
    await page.waitForFunction((n) => document.querySelectorAll('.jp-Notebook .jp-Cell')[n + 1].classList.contains('jp-mod-active'), from, { timeout: 10_000 });
  }
  const saved = page.waitForResponse((r) => r.request().method() === 'PUT' && r.url().includes('/api/contents/'), { timeout: 20_000 });
  await page.keyboard.press('Control+s');
  if (!(await saved).ok()) throw new Error('Ctrl-S did not save the notebook');
}
