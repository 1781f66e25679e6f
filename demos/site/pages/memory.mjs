// The memory of a Python that has started: a snapshot of Pyodide, in which a word is 0 if it is as it was when Python
// was loaded. So the file is small, and what a browser has written there for itself stays, such as the address of a
// function that not every browser has. A list has the places of the words that have become 0.

const words = snapshot =>
  new Uint32Array(snapshot.buffer, snapshot.byteOffset + new Uint32Array(snapshot.buffer, snapshot.byteOffset, 2)[1]);

// The file of a snapshot, in two parts. `python` has only been loaded.
export function packed(snapshot, python) {
  const kept = snapshot.slice();
  const cleared = [];
  words(kept).forEach((word, at, all) => {
    if (word === python.HEAPU32[at]) all[at] = 0;
    else if (word === 0) cleared.push(at);
  });
  return [Uint32Array.of(cleared.length, ...cleared), kept];
}

// The list and the snapshot, read from the file.
export function unpacked(file) {
  const [count] = new Uint32Array(file, 0, 1);
  return { cleared: new Uint32Array(file, 4, count), snapshot: new Uint8Array(file, 4 + 4 * count) };
}

// Complete what was unpacked, for another Python that has only been loaded.
export function complete({ cleared, snapshot }, python) {
  const [kept, loaded] = [words(snapshot), python.HEAPU32];
  for (let at = 0; at < kept.length; at++) if (kept[at] === 0) kept[at] = loaded[at];
  for (const at of cleared) kept[at] = 0;
}
