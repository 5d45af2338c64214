// node screenshot.mjs CHROMIUM URL TOKEN NOTEBOOK FOLDER: opens the notebook in the JupyterLab at URL, runs all its
// cells from the menu, waits until the kernel is idle, and writes pictures to FOLDER. Fails when a cell does.
import { basename, join } from 'node:path';
import { chromium } from 'playwright-core';

const [executablePath, url, token, notebook, folder] = process.argv.slice(2);
const RUN_LIMIT = 10 * 60_000; // milliseconds for all cells

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
// Chromium's sandbox does not work for root, the only user of many containers.
if (process.getuid?.() === 0) flags.push('--no-sandbox');

async function answering() {
  const limit = Date.now() + 60_000;
  while (Date.now() < limit) {
    try {
      if ((await fetch(`${url}/api/status`, { headers: { Authorization: `token ${token}` } })).ok) return;
    } catch {
      // not listening yet
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`JupyterLab does not answer on ${url}`);
}

// idle waits for the status bar: the notebook's own indicator says idle before there is a kernel. Until the first
// cell JupyterLab calls gonb's state unknown.
function idle(page) {
  return page.getByText(/α-scaling \(Go\) \| (Idle|Unknown)/).waitFor({ timeout: 60_000 });
}

async function menu(page, name, item) {
  await page.getByRole('menuitem', { name, exact: true }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

async function runAll(page) {
  await idle(page);
  await menu(page, 'Edit', 'Clear Outputs of All Cells');
  const begin = Date.now();
  await menu(page, 'Run', 'Run All Cells');
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

await answering();
const browser = await chromium.launch({ executablePath, args: flags });
const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
try {
  const failures = [];
  page.on('pageerror', (error) => failures.push(String(error)));
  const path = notebook.split('/').map(encodeURIComponent).join('/');
  await page.goto(`${url}/lab/tree/${path}?token=${token}`);
  const start = Date.now();
  await page.locator('.jp-Notebook .jp-CodeCell').first().waitFor({ timeout: 60_000 });
  console.log(`opened in ${((Date.now() - start) / 1000).toFixed(1)} s`);
  await runAll(page);
  await pictures(page);
  const errors = await page.locator('.jp-Notebook [data-mime-type="application/vnd.jupyter.error"]').allTextContents();
  failures.push(...errors);
  if (failures.length) throw new Error(failures.join('\n'));
} catch (error) {
  await page.screenshot({ path: join(folder, 'failure.png') });
  throw error;
} finally {
  await browser.close();
}
