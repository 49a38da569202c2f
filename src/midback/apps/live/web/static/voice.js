// What is heard: cues spoken at once or not at all, and three sounds. No good repetition is talked into.

const TONES = { // frequency in Hz, start and length in seconds, loudness
  rep: [[880, 0, 0.06, 0.05]],
  amber: [[587, 0, 0.16, 0.25], [440, 0.18, 0.26, 0.25]],
  stop: [[660, 0, 0.3, 0.5], [440, 0.34, 0.3, 0.5], [330, 0.68, 0.7, 0.5]],
};

export class Voice {
  constructor() {
    this.muted = false;
    this.context = null;
  }

  /** Browsers allow sound only after a person has pressed something. */
  wake() {
    this.context ??= new AudioContext();
    this.context.resume();
  }

  set mute(muted) {
    this.muted = muted;
    if (muted) speechSynthesis.cancel();
  }

  say(text) {
    if (this.muted || !text || !("speechSynthesis" in window)) return;
    speechSynthesis.cancel(); // the newest cue only: one that lags is wrong
    const spoken = new SpeechSynthesisUtterance(text);
    spoken.lang = "en";
    speechSynthesis.speak(spoken);
  }

  play(sound) {
    if (this.muted || !this.context || !TONES[sound]) return;
    const now = this.context.currentTime;
    for (const [hertz, start, length, loud] of TONES[sound]) {
      const tone = new OscillatorNode(this.context, { frequency: hertz, type: "triangle" });
      const volume = new GainNode(this.context, { gain: 0 });
      tone.connect(volume).connect(this.context.destination);
      volume.gain.setValueAtTime(loud, now + start);
      volume.gain.exponentialRampToValueAtTime(0.001, now + start + length);
      tone.start(now + start);
      tone.stop(now + start + length);
    }
  }
}
