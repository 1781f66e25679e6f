// The cells' texts in the address: #cells=… is their JSON, compressed, in letters that an address may have.

const through = (bytes, stream) => new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer();
const MOST = 200_000; // the most letters that a link may contain

export async function packed(cells) {
  const bytes = new Uint8Array(await through(JSON.stringify(cells), new CompressionStream("deflate-raw")));
  const letters = btoa(String.fromCharCode(...bytes));
  return `#cells=${letters.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

// The texts of an address's cells; null if it has no cells, or none that can be read.
export async function unpacked(address) {
  const found = /^#cells=([\w-]+)$/.exec(address);
  if (!found) return null;
  try {
    const letters = atob(found[1].replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(letters, letter => letter.charCodeAt(0));
    const text = new TextDecoder().decode(await through(bytes, new DecompressionStream("deflate-raw")));
    const cells = text.length <= MOST ? JSON.parse(text) : null;
    return Array.isArray(cells) && cells.length && cells.every(cell => typeof cell === "string") ? cells : null;
  } catch {
    return null;
  }
}
