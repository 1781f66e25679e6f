"""The site: the book, the reference and pages of cells that run Python in the browser, in one folder of static files.

build      writes the folder
packages   packages from npm: Pyodide, Graphviz, an editor
python     the modules that a page imports, and the memory of a Python that has imported them
memory.mjs writes that memory, under Node
notebooks  a notebook as a page of cells
pages/     the files of a page of cells
"""
