// node screenshot.mjs CHROMIUM URL TOKEN NOTEBOOK FOLDER: opens the notebook in the JupyterLab at URL, runs all its
// cells from the menu, waits until the kernel is idle, and writes pictures to FOLDER. Fails when a cell does.
import { basename, join } from 'node:path';
import { idle, runAll, withNotebook } from './lab.mjs';

const [executablePath, url, token, notebook, folder] = process.argv.slice(2);
const RUN_LIMIT = 10 * 60_000; // milliseconds for all cells

async function finished(page) {
  const begin = Date.now();
  // A cell's prompt is [*] while it waits or runs, and its number when it is done.
  await page.waitForFunction(() => {
    const cells = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')];
    const prompts = cells.map((cell) => cell.querySelector('.jp-InputPrompt')?.textContent ?? '');
    return cells.length > 0 && prompts.every((prompt, i) => prompt.includes(`[${i + 1}]`));
  }, null, { timeout: RUN_LIMIT, polling: 100 });
  await idle(page);
  console.log(`all cells in ${((Date.now() - begin) / 1000).toFixed(1)} s`);
}

async function pictures(page) {
  const name = basename(notebook, '.ipynb');
  const shot = async (i) => {
    await page.waitForTimeout(500); // scrolling and typesetting settle
    const path = join(folder, `${name}-${i}.png`);
    await page.screenshot({ path });
    console.log(path);
  };
  await page.locator('.jp-Notebook .jp-Cell').first().scrollIntoViewIfNeeded();
  await shot(1);
  const figures = page.locator('.jp-Notebook .jp-OutputArea-output img');
  for (let i = 0; i < await figures.count(); i++) {
    await figures.nth(i).evaluate((img) => img.scrollIntoView({ block: 'center' }));
    await shot(i + 2);
  }
}

await withNotebook({ executablePath, url, token, notebook, folder, viewport: { width: 1400, height: 1000 } }, async (page) => {
  await runAll(page);
  await finished(page);
  await pictures(page);
});
