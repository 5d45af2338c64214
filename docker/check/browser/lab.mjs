// What the scripts of this folder share: a JupyterLab that answers, a browser, a notebook opened in it, its menu.
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
// Chromium's sandbox does not work for root, the only user of many containers.
if (process.getuid?.() === 0) flags.push('--no-sandbox');

async function answering(url, token) {
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
export function idle(page) {
  return page.getByText(/α-scaling \(Go\) \| (Idle|Unknown)/).waitFor({ timeout: 60_000 });
}

export async function menu(page, name, item) {
  await page.getByRole('menuitem', { name, exact: true }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

// runAll starts all cells from the menu, their old outputs cleared.
export async function runAll(page) {
  await idle(page);
  await menu(page, 'Edit', 'Clear Outputs of All Cells');
  await menu(page, 'Run', 'Run All Cells');
}

const RUN_LIMIT = 10 * 60_000; // milliseconds for all cells

// finished waits until all cells have run, each after the one before it, or until one has failed, which ends the rest.
export async function finished(page) {
  const begin = Date.now();
  // A cell's prompt is [*] while it waits or runs, and its number when it is done.
  await page.waitForFunction(() => {
    const cells = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')];
    const prompts = cells.map((cell) => cell.querySelector('.jp-InputPrompt')?.textContent ?? '');
    if (document.querySelector('.jp-Notebook [data-mime-type="application/vnd.jupyter.error"]')) return true;
    return cells.length > 0 && prompts.every((prompt, i) => prompt.includes(`[${i + 1}]`));
  }, null, { timeout: RUN_LIMIT, polling: 100 });
  await idle(page);
  console.log(`all cells in ${((Date.now() - begin) / 1000).toFixed(1)} s`);
}

// withNotebook opens the notebook in the JupyterLab at url and calls use with the page. It fails if use does, if the page
// reports an error, or if a cell does; a picture of that is left in folder.
export async function withNotebook({ executablePath, url, token, notebook, folder, viewport }, use) {
  await answering(url, token);
  const browser = await chromium.launch({ executablePath, args: flags });
  const page = await browser.newPage({ viewport, ignoreHTTPSErrors: true });
  try {
    const failures = [];
    page.on('pageerror', (error) => failures.push(String(error)));
    const path = notebook.split('/').map(encodeURIComponent).join('/');
    const start = Date.now();
    await page.goto(`${url}/lab/tree/${path}?token=${token}`);
    await page.locator('.jp-Notebook .jp-CodeCell').first().waitFor({ timeout: 60_000 });
    console.log(`opened in ${((Date.now() - start) / 1000).toFixed(1)} s`);
    await use(page);
    const errors = await page.locator('.jp-Notebook [data-mime-type="application/vnd.jupyter.error"]').allTextContents();
    failures.push(...errors);
    if (failures.length) throw new Error(failures.join('\n'));
  } catch (error) {
    await page.screenshot({ path: join(folder, 'failure.png') });
    throw error;
  } finally {
    await browser.close();
  }
}
