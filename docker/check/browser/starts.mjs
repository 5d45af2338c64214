// node starts.mjs CHROMIUM URL TOKEN NOTEBOOK FOLDER: starts the Explorer as often as STARTS says (60), by turns in a page that was loaded
// again and after a restart of the kernel, and counts the starts whose slider was answered. Fails if one was not, with a picture of it.
import { join } from 'node:path';
import { figure, move, start, WAIT } from './knobs.mjs';
import { menu, withNotebook } from './lab.mjs';

const [executablePath, url, token, notebook, folder] = process.argv.slice(2);
const starts = Number(process.env.STARTS ?? 60);

await withNotebook({ executablePath, url, token, notebook, folder, viewport: { width: 1400, height: 1000 } }, async (page) => {
  let answered = 0;
  for (let turn = 1; turn <= starts; turn++) {
    await start(page);
    try {
      await page.locator(figure).waitFor({ timeout: WAIT });
      await move(page, turn % 5);
      answered++;
    } catch (error) {
      console.log(`start ${turn}: ${error.message.split('\n')[0]}`);
      await page.screenshot({ path: join(folder, `start-${turn}.png`) });
    }
    if (turn % 2) {
      await page.reload();
      await page.locator('.jp-Notebook .jp-CodeCell').first().waitFor({ timeout: WAIT });
    } else {
      await menu(page, 'Kernel', /^Restart Kernel…/);
      await page.locator('.jp-Dialog .jp-mod-accept').click();
    }
  }
  console.log(`${answered} of ${starts} starts were answered`);
  if (answered < starts) throw new Error('a start was not answered');
});
