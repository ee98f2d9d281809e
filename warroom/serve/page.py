"""The page of the browser view: a picture, when it was drawn, and a warning once it is old. Nothing can be entered."""

from __future__ import annotations

CONTENT_POLICY = (
    "default-src 'none'; img-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the page may load: its own parts, and nothing from anywhere else."""

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>warroom</title>
<link rel="stylesheet" href="page.css">
<main><img id="wall" alt="The wall of the war room"></main>
<p id="state" role="status">connecting</p>
<noscript><p class="stale">This page needs JavaScript.</p></noscript>
<script src="page.js"></script>
</html>
"""

STYLE = """
html, body { margin: 0; height: 100%; background: #0d1117; color: #c7d0dd; font: 16px/1.5 system-ui, sans-serif; }
body { display: flex; flex-direction: column; }
main { flex: 1; min-height: 0; display: flex; }
img { width: 100%; height: 100%; object-fit: contain; }
p { margin: 0; padding: .2em .8em; }
.stale { background: #ff6272; color: #0d1117; font-weight: bold; font-size: 1.6em; }
.stale-picture { opacity: .45; }
"""

SCRIPT = """
"use strict";
const LATE_MS = 12000;
const state = document.getElementById("state");
let shown = document.getElementById("wall"), asOf = "", heard = Date.now(), lost = "", number = 0;

function tell() {
  const late = Date.now() - heard > LATE_MS;
  const stale = lost || (late ? "nothing heard from the server for a while" : "");
  state.className = stale ? "stale" : "";
  shown.className = stale ? "stale-picture" : "";
  state.textContent = (stale ? "\\u25b2 STALE: " + stale + ". " : "") + (asOf ? "data as of " + asOf : "connecting");
}
function show(next, at) {
  const image = new Image();
  image.alt = shown.alt;
  image.onload = () => {
    if (next < number) return;
    number = next; asOf = at; shown.replaceWith(image); shown = image; shown.id = "wall"; tell();
  };
  image.src = "picture.svg?" + next;
}
const stream = new EventSource("events");
stream.onmessage = (event) => {
  const news = JSON.parse(event.data);
  heard = Date.now();
  lost = news.trouble || "";
  if (news.number !== number) show(news.number, news.as_of); else if (!lost) asOf = news.as_of;
  tell();
};
stream.addEventListener("over", (event) => { lost = event.data; stream.close(); tell(); });
stream.addEventListener("stopping", (event) => { lost = event.data; number = 0; tell(); });
stream.onerror = () => { lost = lost || "the line to the server is lost"; number = 0; tell(); };
setInterval(tell, 1000);
"""

REFUSED = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>warroom: no entry</title>
<p>This link does not hold: it has expired, was revoked, or is not whole.</p>
<p>Ask the lead for a new one (<code>warroom serve link</code>).</p>
</html>
"""
