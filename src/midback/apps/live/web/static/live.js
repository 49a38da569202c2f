// The page: which view is shown, what every key and button does. It decides nothing about the set.

import { Camera, cameraProblem } from "./camera.js";
import { Link } from "./link.js";
import { showDone, showMoment, showPictures } from "./show.js";
import { Voice } from "./voice.js";

const by = (id) => document.getElementById(id);
const page = document.body.dataset;
const voice = new Voice();
const camera = new Camera(
  by("video"),
  (frame) => link.offer(frame),
  () => problem("The camera has gone: plug it in. Your repetitions are kept."),
);
const link = new Link(take, () => problem("The connection is gone. Trying again."));

let exercises = [];
let chosen = null;
let unfinished = null;
let moment = null;
let restFrom = 0;
let closing = null; // what to do once the server has forgotten the set

function view(name, focus) {
  page.view = name;
  window.scrollTo(0, 0);
  if (focus) by(focus).focus();
}

let problemTimer = 0;
function problem(text) {
  by("problem").textContent = text;
  by("problem").hidden = !text;
  clearTimeout(problemTimer);
  if (text) problemTimer = setTimeout(() => problem(""), 8000);
}

function take(message) {
  if (message.kind === "hello") hello(message);
  else if (message.kind === "feedback") feedback(message);
  else if (message.kind === "error") problem(message.text);
  else if (message.kind === "saved") saved(message);
  else if (message.kind === "begun") begun(message);
  else if (message.kind === "discarded") discarded();
}

function hello(message) {
  problem(message.busy ? "Another page runs a set on this computer." : "");
  exercises = message.exercises;
  if (!by("groups").querySelector("button")) list();
  unfinished = message.unfinished;
  by("offer").hidden = unfinished === null;
  if (unfinished) {
    by("offer-text").textContent = `${unfinished.title}: your repetitions are kept.`;
    by("resume-set").focus();
  } else if (page.view === "live" && !link.begun) {
    view("choose");
  }
}

function list() {
  const groups = new Map();
  for (const exercise of exercises) {
    if (!groups.has(exercise.group)) groups.set(exercise.group, make("ul"));
    const button = make("button", make("strong", exercise.title), make("small", exercise.short));
    button.addEventListener("click", () => place(exercise));
    groups.get(exercise.group).append(make("li", button));
  }
  by("groups").replaceChildren(
    ...[...groups].map(([title, rows]) => make("div", make("h2", title), rows)),
  );
}

function make(tag, ...inside) {
  const element = document.createElement(tag);
  element.append(...inside); // strings become text, never markup
  return element;
}

function place(exercise) {
  chosen = exercise;
  by("place-title").textContent = exercise.title;
  by("place-where").textContent = exercise.where;
  by("place-camera").textContent = exercise.camera;
  by("place-what").textContent = exercise.what;
  by("start").textContent = exercise.one_sided ? "Start on the left" : "Start camera";
  by("start-right").hidden = !exercise.one_sided;
  by("ghost").src = exercise.figure;
  by("place-picture").hidden = !exercise.picture;
  if (exercise.picture) by("place-picture").src = exercise.picture;
  view("place", "start");
}

async function start(wanted = null, side = null) {
  voice.wake();
  try {
    const size = await camera.start(wanted);
    by("title").textContent = chosen.title;
    if (wanted) await link.send({ do: "return" });
    else await link.send({ do: "begin", exercise: chosen.name, side, ...size });
  } catch (error) {
    problem(cameraProblem(error));
  }
}

function begun(message) {
  chosen = exercises.find((exercise) => exercise.name === message.exercise) ?? chosen;
  by("ghost").src = chosen.figure;
  by("title").textContent = chosen.title;
  by("offer").hidden = true;
  moment = null;
  page.stage = "setup";
  page.tone = "plain";
  by("headline").textContent = "One moment";
  by("sign").textContent = by("alarm").textContent = "";
  by("checks").replaceChildren(make("li", "midback is getting ready to see you"));
  view("live");
  navigator.wakeLock?.request("screen").catch(() => {});
}

function feedback(now) {
  const before = moment;
  moment = now;
  voice.play(now.sound);
  voice.say(now.say);
  if (now.stage === "done") {
    if (now.reps === 0 && !now.held_s && now.tone !== "stop" && page.view === "live") leave();
    else if (page.view !== "done") finish(now);
    return;
  }
  showMoment(now, before);
  if (now.tone === "stop" && before?.tone !== "stop") by("stop-end").focus();
}

function finish(now) {
  showDone(now);
  restFrom = performance.now();
  for (const input of by("scores").querySelectorAll("input")) input.checked = false;
  by("pain-score").disabled = by("save").disabled = false;
  by("save").hidden = false;
  by("report").hidden = true;
  by("kept").hidden = false;
  by("discard").firstChild.textContent = "Discard ";
  by("pictures").replaceChildren();
  view("done", "verdict");
}

function saved(message) {
  by("save").hidden = by("kept").hidden = true;
  by("pain-score").disabled = true;
  by("report").href = message.report;
  by("report").hidden = false;
  by("report").focus();
  by("discard").firstChild.textContent = "Finish ";
  showPictures(message.pictures);
}

function leave(then = () => { camera.stop(); view("choose"); }) {
  closing = then;
  link.send({ do: "discard" });
}

function discarded() {
  by("offer").hidden = true;
  unfinished = null;
  closing?.();
  closing = null;
}

function pause() {
  link.send({ do: moment?.stage === "paused" ? "resume" : "pause" });
}

function mute() {
  voice.mute = !voice.muted;
  by("mute").setAttribute("aria-pressed", String(voice.muted));
  by("mute").firstChild.textContent = voice.muted ? "Sound on" : "Mute";
}

function numbers() {
  const off = page.numbers !== "off";
  page.numbers = off ? "off" : "on";
  by("numbers").setAttribute("aria-pressed", String(!off));
  by("numbers").firstChild.textContent = off ? "Numbers on" : "Numbers off";
}

function resume() {
  chosen = exercises.find((exercise) => exercise.name === unfinished.name);
  start(unfinished);
}

const told = (name) => () => link.send({ do: name });
const actions = {
  start: () => start(null, chosen.one_sided ? "left" : null),
  "start-right": () => start(null, "right"),
  other: () => view("choose"),
  pause, mute, numbers, next: told("next"),
  undo: told("undo"), pain: told("pain"), end: told("end"),
  "stop-end": told("end"), "stop-undo": told("undo"),
  save: () => { by("save").disabled = true; link.send({ do: "save" }); },
  discard: () => leave(),
  "resume-set": resume, "drop-set": () => leave(() => view("choose")),
};
for (const [id, action] of Object.entries(actions)) by(id).addEventListener("click", action);

const keys = {
  live: { " ": "pause", u: "undo", p: "pain", e: "end", m: "mute", n: "numbers" },
  done: { s: "save", x: "next", d: "discard" },
  offer: { r: "resume-set", d: "drop-set" },
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const shown = by("offer").hidden ? page.view : "offer";
  const button = by(keys[shown]?.[event.key.toLowerCase()] ?? "");
  const focused = document.activeElement;
  const own = event.key === " " && focused?.matches("button:focus-visible, input, a");
  if (!button || own || button.hidden) return;
  event.preventDefault();
  button.click();
});

for (let score = 0; score <= 10; score += 1) {
  const input = Object.assign(document.createElement("input"), { type: "radio", name: "pain", value: score });
  input.addEventListener("change", () => link.send({ do: "pain_score", value: score }));
  by("scores").append(make("label", input, make("span", String(score))));
}

setInterval(() => {
  if (page.view !== "done") return;
  const seconds = Math.floor((performance.now() - restFrom) / 1000);
  by("rest").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}, 250);
