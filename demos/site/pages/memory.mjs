// The memory of a Python that has started. It is kept as its difference from the memory of one that has only been
// loaded: so it is small, and what a browser writes there for itself stays.

// Change a snapshot of Pyodide into its difference from a loaded Python's memory, or that back into the snapshot.
export function exchange(snapshot, python) {
  const [, header] = new Uint32Array(snapshot, 0, 2);
  const words = new Uint32Array(snapshot, header);
  const loaded = new Uint32Array(python.HEAPU8.buffer);
  for (let at = 0; at < words.length; at++) words[at] ^= loaded[at];
}
