// node saved.mjs CHROMIUM URL TOKEN NOTEBOOK FOLDER: opens the notebook in the JupyterLab at URL, where nothing may have
// changed, runs all its cells as they are, and saves it.
import { finished, idle, menu, withNotebook } from './lab.mjs';

const [executablePath, url, token, notebook, folder] = process.argv.slice(2);

// changed says whether JupyterLab marks the notebook's tab as changed.
const changed = (page) => page.locator('#jp-main-dock-panel .lm-TabBar-tab.jp-mod-dirty').count();

await withNotebook({ executablePath, url, token, notebook, folder, viewport: { width: 1400, height: 1000 } }, async (page) => {
  await idle(page);
  await page.waitForTimeout(2_000); // what the kernel says of itself is written into the notebook
  if (await changed(page)) throw new Error('opening the notebook changes it');
  await menu(page, 'Run', 'Run All Cells');
  await page.getByText('[*]').first().waitFor({ timeout: 30_000 }); // the numbers of the last run are still there
  await finished(page);
  if (!await changed(page)) throw new Error('nothing is marked as changed after a run, so that the check above finds nothing');
  await page.keyboard.press('Control+s');
  await page.waitForFunction(() => !document.querySelector('#jp-main-dock-panel .lm-TabBar-tab.jp-mod-dirty'), null, { timeout: 30_000 });
});
