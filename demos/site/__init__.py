"""The site: the book, the reference and pages of cells that run Python in the browser, in one folder of static files.

build      the folder
packages   what comes from npm: Pyodide, Graphviz, an editor
notebooks  a notebook as a page of cells
pages/     what a page of cells is made of
"""
