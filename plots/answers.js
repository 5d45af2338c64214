// Stands by the knobs in the page. It says every second that the page is there, and how wide; gives each knob its value in words; keeps
// keys from the notebook; and says beside the knobs that a move is not answered, since the cell has ended or the connection is lost.
(() => {
  const row = document.getElementById('ROW'), note = document.getElementById('NOTE');
  const values = VALUES;
  const patience = 2000; // milliseconds
  let waiting = null, said = 0;
  note.hidden = true;
  note.firstElementChild.textContent = 'SENTENCE';

  // A key that moves a knob is none of the notebook's, where x would delete the cell. The mark stands on the row and on what is in it: on
  // what is around it, it would take the keys from the other cells too.
  row.addEventListener('keydown', (event) => event.stopPropagation());

  const knobs = [...row.querySelectorAll('input, select')];
  const speak = (knob, i) => {
    knob.dataset.lmSuppressShortcuts = 'true';
    if (knob.type === 'range') knob.setAttribute('aria-valuetext', values[i][knob.value]);
  };
  knobs.forEach(speak);

  const say = (what) => globalThis.gonb_comm?.send('PAGE', what);
  const here = setInterval(() => say(`here ${++said}`), 1000);
  let width = 0;
  const measured = new ResizeObserver(() => {
    const now = Math.round(row.getBoundingClientRect().width);
    if (now > 0 && Math.abs(now - width) > 20) say(`width ${width = now}`);
  });
  measured.observe(row);

  const fit = document.createElement('button');
  fit.textContent = 'Fit the axes';
  fit.addEventListener('click', () => say(`fit ${++said}`));
  fit.dataset.lmSuppressShortcuts = 'true';
  row.append(fit);

  // A slider that is let go also reports a change, which is no new value and gets no answer.
  row.addEventListener('input', (event) => {
    const i = knobs.indexOf(event.target);
    if (i >= 0) speak(event.target, i);
    waiting ??= setTimeout(() => { note.hidden = false; }, patience);
  });
  globalThis.gonb_comm.subscribe('ADDRESS', (_, answer) => {
    clearTimeout(waiting);
    waiting = null;
    note.hidden = true;
    if (answer < 0) { // the cell has ended
      clearInterval(here);
      measured.disconnect();
    }
  });
})();
