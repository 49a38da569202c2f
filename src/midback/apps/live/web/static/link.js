// The one socket: commands and frames out, feedback in; comes back by itself after a break.

const IDLE = 4000;
const PATIENCE_MS = 200;

export class Link {
  /** take: called with every message. lost: called when the connection breaks. */
  constructor(take, lost) {
    this.take = take;
    this.lost = lost;
    this.sentAt = -Infinity;
    this.waiting = false;
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

  /** Whether a frame offered now would be sent: the last one is answered, or taken too long. */
  get free() {
    return !this.waiting || performance.now() - this.sentAt > PATIENCE_MS;
  }

  /** Send a frame now, or when the last one has been answered; a newer one takes its place. */
  offer(frame) {
    if (!this.begun || this.socket.readyState !== WebSocket.OPEN) return;
    if (this.free) this.#show(frame);
    else this.next = frame;
  }

  #show(frame) {
    this.next = null;
    this.waiting = true;
    this.sentAt = performance.now();
    this.socket.send(frame);
  }

  #hear(message) {
    if (message.kind === "begun") this.begun = true;
    if (message.kind === "feedback") {
      this.waiting = false;
      if (message.stage === "done") this.begun = false;
      else if (this.next !== null && this.begun) this.#show(this.next);
    }
    this.take(message);
  }

  #closed(event) {
    this.begun = this.waiting = false;
    this.next = null;
    if (event.code === IDLE) return;
    this.lost();
    setTimeout(() => { if (this.socket.readyState === WebSocket.CLOSED) this.open(); }, 1000);
  }
}
