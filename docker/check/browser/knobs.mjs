// What the scripts that turn the Explorer's knobs share.
export const WAIT = 120_000; // milliseconds for the first figure, which compiles a network

export const figure = '.jp-Notebook .jp-OutputArea-output img[src^="data:image/svg"]';

export const slider = '.jp-Notebook input[type=range]';

// drag sets the slider as a hand does.
export function drag(page, position) {
  return page.locator(slider).first().evaluate((input, position) => {
    input.value = position;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }, position);
}

// move sets the slider likewise and returns the milliseconds until another figure is there.
export function move(page, position) {
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

export function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

