// The index of the search is built in the browser, as it is three times as large as the documents it is built of.
process.stdin.pipe(process.stdout);
