// The skeleton and the edge of the back over the picture.

const BONES = [
  [11, 13], [13, 15], [12, 14], [14, 16], [11, 12], [23, 24], [11, 23], [12, 24],
  [23, 25], [25, 27], [24, 26], [26, 28], [27, 31], [28, 32],
];
const SEEN = 0.5;
const EDGE = { plain: "#8fd3ff", good: "#3fd68a", amber: "#f2b705", stop: "#ff5a4d" };

/** Draw one moment's feedback; the canvas lies exactly over the video. */
export function drawBody(canvas, video, feedback) {
  if (canvas.width !== video.videoWidth || canvas.height !== video.videoHeight) {
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
  }
  const painter = canvas.getContext("2d");
  painter.clearRect(0, 0, canvas.width, canvas.height);
  const at = ([x, y]) => [x * canvas.width, y * canvas.height];
  const thin = Math.max(2, canvas.width / 260);
  painter.lineCap = painter.lineJoin = "round";
  const { points, back, tone } = feedback;
  for (const [color, width] of [["#000a", 2.4 * thin], ["#ffffff", thin]]) {
    for (const [from, to] of points.length ? BONES : []) {
      if (Math.min(points[from][2], points[to][2]) < SEEN) continue;
      line(painter, [at(points[from]), at(points[to])], color, width);
    }
  }
  if (back.length) {
    line(painter, back.map(at), "#000c", 4.4 * thin);
    line(painter, back.map(at), EDGE[tone], 2.8 * thin);
  }
}

function line(painter, points, color, width) {
  painter.strokeStyle = color;
  painter.lineWidth = width;
  painter.beginPath();
  for (const [x, y] of points) painter.lineTo(x, y);
  painter.stroke();
}
