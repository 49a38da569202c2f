"""What is said around the figures: who the others are, what they can say, why some are wrong."""

from __future__ import annotations

LANDMARKS = """\
One recording for all: the landmarks of sample_videos/bird_dog_fatigue.mp4 (1,767 frames), again \
and again up to 10,000 frames, {seed}; each round up to 5 % larger or smaller, up to 15 px \
elsewhere, with .3 px of landmark noise of its own, half a second of one passing into the next. \
The .trc has the 33 landmarks under the names of Pose2Sim; x and y are the picture's, y down, as \
Sports2D writes its own; midback reads it with pyarrow (its extra `parquet`). Each run is a fresh \
process on one core; seconds are of the call alone, after its imports, best and (worst) of two \
or three runs, CPU seconds the least of them; the whole command has the start and the imports in \
it. Peak is what the process held at most. Sports2D decodes a frame of a video for every row of \
the .trc: it gets an empty one of 64 x 48."""

SAYS = """\
| tool | made for | angles | an angle's error | says what cannot be measured | repetitions | \
form, when to stop, score |
|---|---|---|---|---|---|---|
| midback | back exercises before one camera | 41 of back, trunk, hips, arms | yes | yes, with \
what to do | yes | yes |
| Sports2D | movement in the plane of the picture, one camera | 12 joints, 14 segments | no | no; \
drops unsure keypoints | no | no |
| Pose2Sim | several calibrated cameras, OpenSim | all of an OpenSim model | no; marker error in \
a log | no | no | no |
| myogait | walking, seen from the side | hips, knees, ankles, trunk, pelvis | no | warns of the \
clip as a whole | strides | gait scores |
| Kinetics Toolkit | a library for one's own analysis | those one writes | no | no | no | no |
| movement | tracks of animals | those one writes | no | no | no | no |
| upose | moving an avatar | 19 Euler angles | no | no; hands on visibility | no | no |
| MediaPipe | landmarks | none | - | no; visibility per landmark | no | no |"""

WRONG = """\
All are given the same landmarks, so a difference is the tool's own. True: of the rendered clip \
lean and hips as posed, elsewhere and for knees what a protractor on the same landmarks says. \
Lean is forward from upright, flexion is positive; lean, hips and knees are medians while the \
person holds still (of the squat: at the bottom). RMS error of the hips is over all frames in \
which the tool says something; Pose2Sim has the first 1,000. Longest jump: of a hip or knee from \
one frame to the next.

- **Sports2D** is right for someone who stands. On all fours its `visible_side = auto` mirrors the \
person: it takes the direction from heel to toe for that of the face, and on hands and knees the \
toes point behind. Bent knees become overstretched by as much, a trunk that leans forward leans \
back. Its documentation warns of feet that point the other way; told the side by hand, the signs \
are right. What stays: it unwraps angles with a period of 180 degrees, so where a leg's landmarks \
jump for one frame, all that follows is half a turn or a whole one off.
- **Pose2Sim** was made for several cameras. Here the depth is one camera's guess, and its model \
bends what it can to follow; it says nothing of that.
- **myogait** takes everybody for a walker: it finds steps in exercises, though it keeps none of \
them as strides and warns. It multiplies hips and knees by .8, its correction for two dimensions, \
and also asks the toes where the person faces: the trunk leans backwards.
- **upose**'s pelvis turns about the vertical only, so its hip is the thigh against the vertical: \
near 0 on all fours. It serves an avatar well.
- **Kinetics Toolkit** and **movement** name no joint angle; whatever one writes with them is \
one's own, and right or wrong accordingly.
- **midback** leaves out the far hip where the near leg hides it (a dash), gives one knee, the \
mean of both, and is not free of jumps either."""

VIDEOS = """\
The first {frames} frames of sample_videos/bird_dog_fatigue.mp4, 848 x 480, decoding in it, with \
the same weights (upose: those inside the MediaPipe that it needs). Sports2D's and Pose2Sim's own \
estimation fetches other weights from the network when it runs; it was not run."""

INSTALLING = """\
Sports2D, Pose2Sim, myogait, Kinetics Toolkit and movement install from the registry as they are. \
upose does not declare what it needs (numpy, scipy, MediaPipe) and calls `mp.solutions`, which \
MediaPipe has dropped: it runs beside MediaPipe 0.10.21. Kinetics Toolkit and movement read no \
.trc; their rows have the reading with pandas in it. Kinetics Toolkit's filters refuse times that \
are rounded to a microsecond, so it resamples first, as it asks."""
