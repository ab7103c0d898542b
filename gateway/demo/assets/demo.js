// Keeps the page fresh and sends its forms without leaving it; everything works without it too.
"use strict";
const who = document.body.dataset.who;
const parts = ["person", "phone", "mailbox", "activity", "host"];
const last = {};

function show(name, html) {
  if (last[name] === html) return;
  const element = document.getElementById(name);
  const atEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - 40;
  renew(element, html);
  if (!(name in last) || atEnd) element.scrollTop = element.scrollHeight;
  last[name] = html;
}

// Only what is new is put in, so that focus and selection stay and readers hear new lines only.
function renew(element, html) {
  const made = document.createElement("template");
  made.innerHTML = html; // escaped by the server
  const fresh = [...made.content.children];
  fresh.forEach((child, at) => {
    const old = element.children[at];
    if (!old) element.append(child);
    else if (!old.isEqualNode(child)) old.replaceWith(child);
  });
  while (element.children.length > fresh.length) element.lastElementChild.remove();
}

async function refresh() {
  try {
    const answer = await fetch("/demo/parts?who=" + encodeURIComponent(who));
    const made = await answer.json();
    for (const name of parts) show(name, made[name]);
  } catch {
    document.getElementById("note").textContent = "The demo has ended. Start it again with make demo.";
  }
}

async function send(form) {
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  const said = new URL(answer.url).searchParams.get("said");
  document.getElementById("note").textContent = answer.ok ? said || "" : await answer.text();
  if (answer.ok) for (const field of form.querySelectorAll("[name=text]")) field.value = "";
  for (const pause of [0, 100, 400]) setTimeout(refresh, pause);
}

for (const form of document.querySelectorAll("form[data-live]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
  if ("onChange" in form.dataset) form.addEventListener("change", () => send(form));
}
for (const name of parts) {
  const element = document.getElementById(name);
  element.scrollTop = element.scrollHeight;
}
refresh();
setInterval(refresh, 1000);
