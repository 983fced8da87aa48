// The page of the chat: joins by a name, shows what everybody says, and comes back by itself
// when the connection is lost.
"use strict";

const byId = (id) => document.getElementById(id);
const state = byId("state");
const log = byId("log");
const text = byId("text");
const send = byId("send");

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;
const LONGEST_LOG = 500;

let name = "";
let socket = null;
let failures = 0;

function show(kind, words) {
  state.dataset.state = kind;
  state.textContent = words;
  send.disabled = kind !== "open";
}

// What others wrote is text and never markup.
function add(kind, words, from) {
  const item = document.createElement("li");
  item.className = kind;
  if (from !== undefined) {
    const who = document.createElement("span");
    who.className = "from";
    who.textContent = from;
    item.append(who);
  }
  item.append(words);
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  log.append(item);
  if (log.childElementCount > LONGEST_LOG) {
    log.firstElementChild.remove();
  }
  if (atEnd) {
    log.scrollTop = log.scrollHeight;
  }
}

function people(count) {
  return count === 1 ? "connected, nobody else is here" : `connected, ${count} people are here`;
}

function receive(message) {
  const { type, name: who, text: words, count } = JSON.parse(message.data);
  switch (type) {
    case "welcome":
      name = who;
      failures = 0;
      show("open", people(count));
      break;
    case "said":
      add(who === name ? "said mine" : "said", words, who);
      break;
    case "came":
    case "went":
      if (who !== name) {
        add("note", `${who} ${type}`);
      }
      show("open", people(count));
      break;
  }
}

function connect() {
  show("connecting", "connecting…");
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const url = `${scheme}//${location.host}/chat?name=${encodeURIComponent(name)}`;
  socket = new WebSocket(url, "chat");
  socket.onmessage = receive;
  socket.onclose = reconnect;
}

// As a policy's retry scheme does: the waits grow, and differ from client to client.
function reconnect() {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures) * (1 + Math.random() / 5);
  failures++;
  show("waiting", `connection lost, next attempt in ${(wait / 1000).toFixed(1)} s`);
  setTimeout(connect, wait);
}

byId("join").addEventListener("submit", (event) => {
  event.preventDefault();
  name = byId("name").value.trim();
  if (name === "") {
    return;
  }
  byId("join").hidden = true;
  byId("room").hidden = false;
  connect();
  text.focus();
});

byId("say").addEventListener("submit", (event) => {
  event.preventDefault();
  if (text.value.trim() !== "" && socket.readyState === WebSocket.OPEN) {
    socket.send(text.value);
    text.value = "";
  }
  text.focus();
});
