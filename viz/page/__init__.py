"""The live page, on which a pass is stepped and any leaf dragged; in reading order:

play          play, and the page it gives
steps         the passes, step by step, with the rule that each applies
wording       what values are called, and what each computes
javascript    the table's rules in JavaScript
layout        where boxes stand and links run
network_page  a network on a page
page.html, page.css, page.js    what the browser gets
"""
