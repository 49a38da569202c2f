// Feedback onto the page. Text goes in as text only.

import { drawBody } from "./draw.js";

const by = (id) => document.getElementById(id);
const SIGNS = { plain: "", good: "✓", amber: "▲", stop: "■" };
const PHASES = { rest: "At rest", out: "Out", hold: "Hold", back: "Slowly back" };
const UNITS = { deg: "°", s: " s" };

function write(id, text) {
  const element = by(id);
  if (element.textContent !== text) element.textContent = text; // a reader speaks every change
}

/** Show one moment of a running set. */
export function showMoment(now, before) {
  document.body.dataset.stage = now.stage;
  document.body.dataset.tone = now.tone;
  write("sign", SIGNS[now.tone]);
  write("headline", now.headline || (now.tone === "good" ? "Good form" : ""));
  by("pause").firstChild.textContent = now.stage === "paused" ? "Resume" : "Pause";
  by("undo").disabled = by("stop-undo").disabled = now.reps === 0;
  showChecks(now.checks);
  showCount(now);
  showPhase(now);
  showGauge(now.gauge);
  if (now.points.length || !before || before.t !== now.t) drawBody(by("overlay"), by("video"), now);
  const stopped = now.tone === "stop";
  if (stopped) {
    const [why, ...cue] = now.detail.split(/(?<=\.) /);
    write("stop-why", why);
    write("stop-cue", cue.join(" "));
  }
  write("alarm", stopped ? `Stop. ${now.detail}` : "");
}

function showChecks(checks) {
  const list = by("checks");
  const first = checks.findIndex((check) => !check.done);
  while (list.children.length < checks.length) list.append(document.createElement("li"));
  checks.forEach((check, index) => {
    const row = list.children[index];
    if (row.textContent !== check.text) row.textContent = check.text;
    row.className = check.done ? "done" : index === first ? "now" : "";
  });
}

function showCount(now) {
  const held = now.held_s !== null && now.stage !== "still";
  const text = now.stage === "still" ? String(Math.ceil(now.still_s)) : held ? clock(now.held_s) : String(now.reps);
  by("count").classList.toggle("long", held);
  write("count", text);
  const good = held ? `${clock(now.good_s)} in good form` : now.reps === 1 ? "repetition" : "repetitions";
  write("unit", now.stage === "still" ? "Hold still" : good);
}

function showPhase(now) {
  const breath = now.breath ? `, breathe ${now.breath}` : "";
  const tempo = now.phase === "rest" || document.body.dataset.numbers === "off" ? "" : `  ${now.tempo_s.toFixed(1)} s`;
  write("phase", now.stage === "paused" ? "" : `${PHASES[now.phase]}${breath}${tempo}`);
}

function showGauge(gauge) {
  const share = (value) => `${100 * Math.min(1, Math.max(0, value / gauge.top))}%`;
  const known = gauge.value !== null;
  const said = known ? `${String(Math.round(gauge.value)).replace("-", "−")}${UNITS[gauge.unit] ?? ` ${gauge.unit}`}` : "–";
  write("gauge-title", gauge.title);
  write("gauge-value", said);
  by("gauge-fill").style.width = known ? share(gauge.value) : "0";
  const band = by("gauge-band");
  band.hidden = gauge.low === null;
  if (gauge.low !== null) {
    band.style.left = share(gauge.low);
    band.style.width = `calc(${share(gauge.high)} - ${share(gauge.low)})`;
  }
  write("gauge-note", known ? (gauge.low === null ? "" : "Green: your own range") : gauge.why);
  by("gauge").setAttribute("aria-label", `${gauge.title} ${known ? said : gauge.why}`);
}

/** Show the verdict of a set that has ended. */
export function showDone(now) {
  document.body.dataset.stage = "done";
  document.body.dataset.tone = now.tone;
  write("verdict-sign", SIGNS[now.tone]);
  write("verdict", now.headline);
  write("verdict-cue", now.detail);
  write("alarm", "");
}

/** Show the best moment and the one where form broke. */
export function showPictures(pictures) {
  by("pictures").replaceChildren(...pictures.map((picture) => {
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    caption.textContent = picture.caption;
    const image = Object.assign(new Image(), { src: picture.source, alt: picture.alt });
    figure.append(image, caption);
    return figure;
  }));
}

function clock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
