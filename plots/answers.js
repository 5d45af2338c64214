// Watches the knobs in the page: a move that the program does not answer means that the cell has ended or that the
// connection is lost, and the sentence beside the knobs then says so.
(() => {
  const row = document.getElementById('ROW'), note = document.getElementById('NOTE');
  const patience = 2000; // milliseconds
  let waiting = null;
  note.hidden = true;
  note.firstElementChild.textContent = 'SENTENCE';
  // A slider that is let go also reports a change, which is no new value and gets no answer.
  row.addEventListener('input', () => {
    waiting ??= setTimeout(() => { note.hidden = false; }, patience);
  });
  globalThis.gonb_comm.subscribe('ADDRESS', () => {
    clearTimeout(waiting);
    waiting = null;
    note.hidden = true;
  });
})();
