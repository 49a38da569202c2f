"""An articulated body with known angles, rendered to video (extra: phantom).

World frame: x image-right, y up, z towards the camera, metres. A body's own frames follow ISB:
x anterior, y cranial, z right, so a person facing image-right has both frames aligned.
Rotations are right-handed about those axes, hence extension +, left axial rotation +,
right side-bend +. Nothing here is imported by the rest of the package.
"""
