// node explorer.mjs CHROMIUM URL TOKEN NOTEBOOK FOLDER: runs the Explorer from the menu, moves its α slider and asserts that
// the figure follows; then it restarts the kernel, moves the slider again and asserts that the page says that nobody
// answers. Prints how long a move took at the median, and leaves pictures in FOLDER.
import { join } from 'node:path';
import { idle, menu, runAll, withNotebook } from './lab.mjs';

const [executablePath, url, token, notebook, folder] = process.argv.slice(2);
const WAIT = 120_000; // milliseconds for the first figure, which compiles a network
const PATIENCE = 10_000; // milliseconds after which a knob without an answer has said so

const figure = '.jp-Notebook .jp-OutputArea-output img[src^="data:image/svg"]';

const slider = '.jp-Notebook input[type=range]';

// drag sets the slider as a hand does.
function drag(page, position) {
  return page.locator(slider).first().evaluate((input, position) => {
    input.value = position;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }, position);
}

// move sets the slider likewise and returns the milliseconds until another figure is there.
function move(page, position) {
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

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

await withNotebook({ executablePath, url, token, notebook, folder, viewport: { width: 1400, height: 1000 } }, async (page) => {
  await runAll(page);
  await page.locator(figure).waitFor({ timeout: WAIT });
  const times = [];
  for (const position of [0, 8, 3, 7, 1, 5, 2, 6]) times.push(await move(page, position));
  console.log(`α moved ${times.length} times: median ${median(times).toFixed(0)} ms to the new figure`);
  const text = await page.locator('.jp-Notebook .jp-OutputArea-output p', { hasText: 'α = 4' }).textContent();
  if (!text.includes('trains at')) throw new Error(`the sentence at α = 4 is ${text}`);
  // Another network: depth from the second slider of that kind, by the keyboard.
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
});
