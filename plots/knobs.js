// Builds the knobs in the page and speaks for them. It says at each move, and every second, where all knobs stand, how wide the page is
// and how often its axes were to be fitted, with a number that grows: a message that is lost or overtaken by a later one does no harm.
// It gives each knob its value in words; keeps keys from the notebook; and says beside the knobs that a move is not answered, since the
// cell has ended or the connection is lost.
(() => {
  const row = document.getElementById('ROW'), note = document.getElementById('NOTE');
  if (!row || row.childElementCount || !globalThis.gonb_comm) return; // built already, or nobody to speak to: it is asked again
  const specs = KNOBS;
  const patience = 2000; // milliseconds
  let number = 0, fits = 0, width = Math.round(row.getBoundingClientRect().width), moved = 0, waiting = null;
  note.hidden = true;
  note.firstElementChild.textContent = 'SENTENCE';

  // A key that moves a knob is none of the notebook's, where x would delete the cell. The mark stands on the row and on what is in it: on
  // what is around it, it would take the keys from the other cells too.
  row.addEventListener('keydown', (event) => event.stopPropagation());
  // JupyterLab leaves the focus where it is when a prompt is clicked in the cell that is active: the keys would stay a knob's.
  document.addEventListener('pointerdown', (event) => {
    if (row.contains(document.activeElement) && !row.contains(event.target)) document.activeElement.blur();
  });
  const add = (parent, tag, properties = {}) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.dataset.lmSuppressShortcuts = 'true';
    parent.append(element);
    return element;
  };

  const knobs = specs.map((spec) => {
    const label = add(row, 'label', { textContent: spec.Label });
    label.style.cssText = 'display:inline-flex;gap:6px;align-items:center';
    if (spec.Choice) {
      const list = add(label, 'select');
      spec.Values.forEach((text, i) => list.add(new Option(text, i, i === spec.Start, i === spec.Start)));
      return list;
    }
    return add(label, 'input', { type: 'range', min: 0, max: spec.Values.length - 1, value: spec.Start });
  });
  const speak = (knob, i) => {
    if (knob.type === 'range') knob.setAttribute('aria-valuetext', specs[i].Values[knob.value]);
  };
  knobs.forEach(speak);

  const say = () => {
    const state = { Number: ++number, At: knobs.map((knob) => Number(knob.value)), Width: width, Fits: fits };
    globalThis.gonb_comm?.send('PAGE', JSON.stringify(state));
    return number;
  };
  const ask = () => {
    moved = say();
    waiting ??= setTimeout(() => { note.hidden = false; }, patience);
  };
  const here = setInterval(say, 1000);
  const measured = new ResizeObserver(() => {
    const now = Math.round(row.getBoundingClientRect().width);
    if (now === 0 || Math.abs(now - width) <= 20) return;
    width = now;
    say();
  });
  measured.observe(row);
  add(row, 'button', { textContent: 'Fit the axes' }).addEventListener('click', () => { fits++; ask(); });

  row.addEventListener('input', (event) => {
    speak(event.target, knobs.indexOf(event.target));
    ask();
  });
  globalThis.gonb_comm.subscribe('ANSWERS', (_, answer) => {
    if (answer < 0) { // the cell has ended
      clearInterval(here);
      measured.disconnect();
    } else if (answer < moved) return;
    clearTimeout(waiting);
    waiting = null;
    note.hidden = true;
  });
  say();
})();
