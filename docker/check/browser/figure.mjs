// node figure.mjs CHROMIUM URL TOKEN NOTEBOOK FOLDER: opens a chapter, runs nothing, and takes a picture of its first figure, as it
// stands in the page: FOLDER/figure.png.
import { join } from 'node:path';
import { withNotebook } from './lab.mjs';

const [executablePath, url, token, notebook, folder] = process.argv.slice(2);

await withNotebook({ executablePath, url, token, notebook, folder, viewport: { width: 1400, height: 1000 } }, async (page) => {
  const figure = page.locator('.jp-Notebook .jp-OutputArea-output img').first();
  await figure.scrollIntoViewIfNeeded();
  await page.waitForTimeout(1000); // the theme and the picture settle
  await figure.screenshot({ path: join(folder, 'figure.png') });
});
