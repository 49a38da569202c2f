// The camera: a picture on the page, and every frame as its clock and a JPEG.

const LONG_SIDE = 848;
const QUALITY = 0.8;
const AGAIN_MS = 2000;

export class Camera {
  /** video: where it is shown. give: called with each frame, ready to be sent. lost: called when
   *  the camera went away; it is tried again until it is back. */
  constructor(video, give, lost) {
    this.video = video;
    this.give = give;
    this.lost = lost;
    this.canvas = document.createElement("canvas");
    this.painter = this.canvas.getContext("2d", { alpha: false });
    this.busy = false;
    this.stream = null;
  }

  /** Start, and return the size of the frames. wanted: that size, for a set begun before. */
  async start(wanted = null) {
    if (!navigator.mediaDevices) throw new Error("insecure");
    if (this.stream === null) {
      this.stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } },
      });
      this.stream.getVideoTracks()[0].addEventListener("ended", () => this.#gone());
      this.video.srcObject = this.stream;
      await this.video.play();
      this.#follow();
    }
    const { videoWidth: width, videoHeight: height } = this.video;
    const scale = Math.min(1, LONG_SIDE / Math.max(width, height));
    this.canvas.width = wanted ? wanted.width : Math.round(width * scale);
    this.canvas.height = wanted ? wanted.height : Math.round(height * scale);
    return { width: this.canvas.width, height: this.canvas.height };
  }

  stop() {
    this.waiting = false;
    for (const track of this.stream ? this.stream.getTracks() : []) track.stop();
    this.stream = this.video.srcObject = null;
  }

  #gone() {
    this.stop();
    this.waiting = true;
    this.lost();
    const { width, height } = this.canvas;
    const again = () => {
      if (this.waiting) this.start({ width, height }).catch(() => setTimeout(again, AGAIN_MS));
    };
    setTimeout(again, AGAIN_MS);
  }

  #follow() {
    this.video.requestVideoFrameCallback((now, about) => {
      if (this.stream === null) return;
      this.#pack(about.captureTime ?? now);
      this.#follow();
    });
  }

  #pack(milliseconds) {
    if (this.busy) return;
    this.busy = true;
    this.painter.drawImage(this.video, 0, 0, this.canvas.width, this.canvas.height);
    this.canvas.toBlob(async (blob) => {
      const frame = new Uint8Array(8 + blob.size);
      new DataView(frame.buffer).setFloat64(0, (performance.timeOrigin + milliseconds) / 1000, true);
      frame.set(new Uint8Array(await blob.arrayBuffer()), 8);
      this.busy = false;
      this.give(frame);
    }, "image/jpeg", QUALITY);
  }
}

/** Why there is no picture, in words that help. */
export function cameraProblem(error) {
  const said = {
    NotAllowedError: "The browser may not use the camera: allow it beside the address, then try again.",
    NotFoundError: "No camera was found: plug one in, then try again.",
    NotReadableError: "Another program uses the camera: close it, then try again.",
  };
  if (error.message === "insecure") {
    return "Browsers give the camera only to pages of their own computer: open midback at http://localhost.";
  }
  return said[error.name] ?? `The camera did not start: ${error.message}`;
}
