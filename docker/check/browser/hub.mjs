// node hub.mjs CHROMIUM URL TOKEN NOTEBOOK FOLDER: the Explorer behind https and a base URL, as a hub serves it: its slider is answered.
// Then the page is loaded again, and the cell that nobody can reach any more has to end by itself.
import { figure, median, move, WAIT } from './knobs.mjs';
import { runAll, withNotebook } from './lab.mjs';

const [executablePath, url, token, notebook, folder] = process.argv.slice(2);

await withNotebook({ executablePath, url, token, notebook, folder, viewport: { width: 1400, height: 1000 } }, async (page) => {
  await runAll(page);
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
  while (await state() === 'busy') { // with the Explorer's cell the cells behind it end
    if (Date.now() - begin > 60_000) throw new Error('a minute after the page was loaded again the kernel is still busy');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  console.log(`idle ${((Date.now() - begin) / 1000).toFixed(1)} s after the page was loaded again`);
});
