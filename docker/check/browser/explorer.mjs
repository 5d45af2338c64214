// node explorer.mjs CHROMIUM URL TOKEN NOTEBOOK FOLDER: runs the Explorer from the menu, moves its α slider and asserts that
// the figure follows, keeps its size, keeps its axes until they are fitted, and stands in one column in a narrow window; that keys move
// a knob and do nothing to the notebook; that a network which has to be compiled says so; then it restarts the kernel, moves the slider
// again, asserts that the page says that nobody answers, and does what it advises. Prints how long a move took at the median, and leaves
// pictures in FOLDER.
import { join } from 'node:path';
import { drag, figure, median, move, notebookKeys, slider, WAIT } from './knobs.mjs';
import { idle, menu, runAll, withNotebook } from './lab.mjs';

const [executablePath, url, token, notebook, folder] = process.argv.slice(2);
const PATIENCE = 10_000; // milliseconds after which a knob without an answer has said so

await withNotebook({ executablePath, url, token, notebook, folder, viewport: { width: 1400, height: 1000 } }, async (page) => {
  await runAll(page);
  await page.locator(figure).waitFor({ timeout: WAIT });
  const times = [];
  for (const position of [0, 8, 3, 7, 1, 5, 2, 6]) times.push(await move(page, position));
  console.log(`α moved ${times.length} times: median ${median(times).toFixed(0)} ms to the new figure`);
  const text = await page.locator('.jp-Notebook .jp-OutputArea-output p', { hasText: 'α = 4' }).textContent();
  if (!text.includes('trains at')) throw new Error(`the sentence at α = 4 is ${text}`);
  // Keys are the knob's: x would cut the cell, d d delete it.
  const cells = await page.locator('.jp-Notebook .jp-Cell').count();
  const knob = page.locator(slider).first();
  await knob.focus();
  for (const key of ['x', 'd', 'd', 'b', 'Home']) await page.keyboard.press(key);
  if (await knob.inputValue() !== '0') throw new Error(`Home moved the knob to ${await knob.inputValue()}`);
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft']) await page.keyboard.press(key);
  if (await knob.getAttribute('aria-valuetext') !== '0.125') throw new Error(`one step from the left it says ${await knob.getAttribute('aria-valuetext')}`);
  await page.keyboard.press('End');
  if (await knob.inputValue() !== '8') throw new Error(`End moved the knob to ${await knob.inputValue()}`);
  if (await page.locator('.jp-Notebook .jp-Cell').count() !== cells) throw new Error('a key that was the knob\'s changed the notebook');
  await page.locator('.jp-Notebook .jp-OutputArea-output p', { hasText: 'α = 16' }).waitFor({ timeout: WAIT });

  await notebookKeys(page, false);

  // The picture keeps its size while a knob moves, and a narrow window has the panels one below the other.
  const size = () => page.locator(figure).evaluate((img) => [img.width, img.height]);
  const [width, height] = await size();
  await move(page, 4);
  const after = await size();
  if (after[0] !== width || after[1] !== height) throw new Error(`the picture of ${width}×${height} became one of ${after}`);
  await page.setViewportSize({ width: 800, height: 1000 });
  await page.waitForFunction((selector) => {
    const img = document.querySelector(selector);
    return img.height > img.width && img.width <= img.closest('.jp-OutputArea-output').clientWidth;
  }, figure, { timeout: 20_000 });
  await page.locator(figure).evaluate((img) => img.scrollIntoView({ block: 'end' }));
  await page.screenshot({ path: join(folder, 'explorer-narrow.png') });
  await page.setViewportSize({ width: 1400, height: 1000 });
  await page.waitForFunction((selector) => document.querySelector(selector).width > document.querySelector(selector).height, figure, { timeout: 20_000 });
  // Axes that had to hold α = 16 are kept for a smaller one, until the button fits them.
  await move(page, 8);
  await move(page, 5);
  const kept = await page.locator(figure).getAttribute('src');
  await page.getByRole('button', { name: 'Fit the axes' }).click();
  await page.waitForFunction(([selector, kept]) => document.querySelector(selector).src !== kept, [figure, kept], { timeout: 20_000 });
  await move(page, 6); // for the picture

  // Another network, which says that it is being compiled, and another start, which is none.
  await page.evaluate(() => {
    const look = () => { globalThis.saidBusy ||= document.querySelector('.jp-Notebook').textContent.includes('A new network is compiled and trained'); };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  });
  const begin = Date.now();
  await page.locator('.jp-Notebook select').nth(1).selectOption('1');
  await page.locator('.jp-Notebook .jp-OutputArea-output p', { hasText: 'normalisation = batch' }).waitFor({ timeout: WAIT });
  const took = Date.now() - begin;
  console.log(`another network after ${(took / 1000).toFixed(1)} s`);
  if (took > 1000 && !await page.evaluate(() => globalThis.saidBusy)) throw new Error('nothing said that a network is being compiled');
  await page.locator('.jp-Notebook select').last().selectOption('1');
  await page.locator('.jp-Notebook .jp-OutputArea-output p', { hasText: 'same weights' }).waitFor({ timeout: WAIT });
  await page.locator(figure).evaluate((img) => img.scrollIntoView({ block: 'end' }));
  await page.waitForTimeout(500);
  const path = join(folder, 'explorer.png');
  await page.screenshot({ path });
  console.log(path);

  // The sentence is there only when it is true.
  const note = page.locator('.jp-Notebook .jp-OutputArea-output p', { hasText: 'No answer' });
  await drag(page, 3);
  await page.waitForTimeout(PATIENCE);
  if (await note.isVisible()) throw new Error('a knob that is answered says that it is not');
  await menu(page, 'Kernel', /^Restart Kernel…/); // its name goes on with the keys
  await page.locator('.jp-Dialog .jp-mod-accept').click();
  await idle(page);
  await drag(page, 5);
  await note.waitFor({ timeout: PATIENCE });
  console.log(`after a restart: ${await note.textContent()}`);
  await note.scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(folder, 'explorer-lost.png') });

  // What it advises: after a restart the cells above first.
  await runAll(page);
  await page.locator(slider).first().waitFor({ timeout: WAIT });
  await page.locator(figure).waitFor({ timeout: WAIT });
  await move(page, 2);
});
