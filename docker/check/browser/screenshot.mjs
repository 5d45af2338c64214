// node screenshot.mjs CHROMIUM URL TOKEN NOTEBOOK FOLDER: opens the notebook in the JupyterLab at URL, runs all its
// cells from the menu, waits until the kernel is idle, and writes pictures to FOLDER. Fails when a cell does.
import { basename, join } from 'node:path';
import { finished, runAll, withNotebook } from './lab.mjs';

const [executablePath, url, token, notebook, folder] = process.argv.slice(2);

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
