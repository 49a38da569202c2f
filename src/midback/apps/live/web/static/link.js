// The one socket: commands and frames out, feedback in; comes back by itself after a break.
// A frame that nobody had time for is never answered, so patience ends after a fifth of a second.

const IDLE = 4000;
const PATIENCE_MS = 200;
const AHEAD = 2; // one frame is being looked at while the next one is on its way

export class Link {
  /** take: called with every message. lost: called when the connection breaks. */
  constructor(take, lost) {
    this.take = take;
    this.lost = lost;
    this.sentAt = -Infinity;
    this.unanswered = 0;
    this.next = null;
    this.begun = false;
    this.open();
  }

  open() {
    this.socket = new WebSocket(`ws://${location.host}/live`);
    this.socket.binaryType = "arraybuffer";
    this.ready = new Promise((resolve) => this.socket.addEventListener("open", resolve));
    this.socket.addEventListener("message", (event) => this.#hear(JSON.parse(event.data)));
    this.socket.addEventListener("close", (event) => this.#closed(event));
  }

  async send(command) {
    if (this.socket.readyState > WebSocket.OPEN) this.open();
    await this.ready;
    this.socket.send(JSON.stringify(command));
  }

  /** Whether a frame offered now would be sent: the others are answered, or it takes too long. */
  get free() {
    if (performance.now() - this.sentAt > PATIENCE_MS) this.unanswered = 0;
    return this.unanswered < AHEAD;
  }

  /** Send a frame now, or when the last one has been answered; a newer one takes its place. */
  offer(frame) {
    if (!this.begun || this.socket.readyState !== WebSocket.OPEN) return;
    if (this.free) this.#show(frame);
    else this.next = frame;
  }

  #show(frame) {
    this.next = null;
    this.unanswered += 1;
    this.sentAt = performance.now();
    this.socket.send(frame);
  }

  #hear(message) {
    if (message.kind === "begun") this.begun = true;
    if (message.kind === "feedback") {
      this.unanswered = Math.max(0, this.unanswered - 1);
      if (message.stage === "done") this.begun = false;
      else if (this.next !== null && this.begun) this.#show(this.next);
    }
    this.take(message);
  }

  #closed(event) {
    this.begun = false;
    this.unanswered = 0;
    this.next = null;
    if (event.code === IDLE) return;
    this.lost();
    setTimeout(() => { if (this.socket.readyState === WebSocket.CLOSED) this.open(); }, 1000);
  }
}
