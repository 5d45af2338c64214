// node hub.mjs CHROMIUM URL TOKEN NOTEBOOK FOLDER: the Explorer behind https and a base URL, as a hub serves it: its slider is answered.
// Then the page is loaded again: the cell that nobody can reach any more has to end by itself, and is answered when it is run again.
import { figure, median, move, start, WAIT } from './knobs.mjs';
import { runAll, withNotebook } from './lab.mjs';

const LIMIT = 12_000; // milliseconds: five until the cell notices, which it looks for once in a second, and what it takes to end
const [executablePath, url, token, notebook, folder] = process.argv.slice(2);

await withNotebook({ executablePath, url, token, notebook, folder, viewport: { width: 1400, height: 1000 } }, async (page) => {
  await start(page);
  await page.locator(figure).waitFor({ timeout: WAIT });
  const times = [];
  for (const position of [0, 8, 3]) times.push(await move(page, position));
  console.log(`at ${url} α moved ${times.length} times: median ${median(times).toFixed(0)} ms to the new figure`);
  // The server knows what the kernel does; the page that is loaded again does not.
  const state = async () => {
    const kernels = await (await fetch(`${url}/api/kernels`, { headers: { Authorization: `token ${token}` } })).json();
    return kernels[0].execution_state;
  };
  if (await state() !== 'busy') throw new Error(`the Explorer waits and the kernel is ${await state()}`);
  const begin = Date.now();
  await page.reload();
  while (await state() === 'busy') {
    if (Date.now() - begin > LIMIT) throw new Error(`${LIMIT / 1000} s after the page was loaded again the kernel is still busy`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  console.log(`idle ${((Date.now() - begin) / 1000).toFixed(1)} s after the page was loaded again`);
  await runAll(page);
  await page.locator(figure).waitFor({ timeout: WAIT });
  await move(page, 1);
});
