// node slide.mjs CHROMIUM URL TOKEN NOTEBOOK FOLDER: runs a chapter that opens with a slider over figures, and asserts that its keys
// move it, say its value in words, show another figure, and do nothing to the notebook.
import { join } from 'node:path';
import { notebookKeys, slider } from './knobs.mjs';
import { runAll, withNotebook } from './lab.mjs';

const [executablePath, url, token, notebook, folder] = process.argv.slice(2);

await withNotebook({ executablePath, url, token, notebook, folder, viewport: { width: 1200, height: 900 } }, async (page) => {
  await runAll(page);
  const knob = page.locator(slider).first();
  await knob.waitFor({ timeout: 120_000 });
  const shown = () => page.locator('.jp-Notebook .jp-OutputArea-output img:visible').first().getAttribute('alt');
  const cells = await page.locator('.jp-Notebook .jp-Cell').count();
  await knob.focus();
  const seen = new Set();
  for (const [key, text] of [['Home', '0.125'], ['x', '0.125'], ['ArrowRight', '0.25'], ['d', '0.25'], ['d', '0.25'], ['ArrowRight', '0.5'],
    ['ArrowLeft', '0.25'], ['End', '8']]) {
    await page.keyboard.press(key);
    if (await knob.getAttribute('aria-valuetext') !== text) throw new Error(`after ${key} it says ${await knob.getAttribute('aria-valuetext')}, not ${text}`);
    seen.add(await shown());
  }
  if (seen.size !== 4) throw new Error(`four positions showed ${seen.size} figures`);
  if (await page.locator('.jp-Notebook .jp-Cell').count() !== cells) throw new Error('a key that was the slider\'s changed the notebook');
  await notebookKeys(page);
  await page.screenshot({ path: join(folder, 'slide.png') });
});
